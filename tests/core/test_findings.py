"""Findings: what blocks, and sentences in any language from one message id."""

import json

from core.findings import Finding, Level, Marked, blocking

CHINESE = {"{i} is {fix}": "{i}：{fix}", "over {lo}": "大于 {lo}"}


def finding(level: Level = Level.WARN, **values: str) -> Finding:
    return Finding("E99", level, "rc28.1.1.load.3", "{i} is {fix}", values)


def test_values_fill_the_sentence():
    assert finding(i="3", fix="{lo}").text() == "3 is {lo}"


def test_the_sentence_is_translated_before_it_is_filled():
    assert finding(i="{i}", fix="5").text(CHINESE.__getitem__) == "{i}：5"


def test_a_marked_value_is_translated_and_filled_from_the_plain_ones():
    said = finding(i="3", lo="5", fix=Marked("over {lo}"))
    assert said.text() == "3 is over 5"
    assert said.text(lambda text: CHINESE[text]) == "3：大于 5"


def test_what_somebody_typed_is_never_a_template():
    said = finding(i="{fix.__class__}", lo="{0}", fix=Marked("over {lo}"))
    assert said.text() == "{fix.__class__} is over {0}"


def test_values_can_be_stored_as_they_are():
    assert json.dumps(dict(finding(fix=Marked("over")).values)) == '{"fix": "over"}'


def test_only_errors_block():
    found = [finding(level) for level in (Level.WARN, Level.BLOCK, Level.INFORM)]
    assert blocking(iter(found)) == [found[1]]


def test_a_finding_needs_no_values():
    assert Finding("E06", Level.BLOCK, "", "Check the dates.").text() == "Check the dates."
