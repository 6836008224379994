"""A folder is read whole, or everything that is wrong with it is said with file and line."""

from datetime import UTC, datetime

import pytest

from core.sheets.cells import ROSTER
from scoring import round_folder
from scoring.round_folder.problems import Problem, listed
from tests.scoring import folders
from tests.scoring.folders import problems, spoilt

#: file, what is replaced, by what, where it is said, part of what is said
SPOILT = [
    ("stages", "S1,", "S 1,", "line 2", "stage “S 1” is not possible"),
    ("stages", "S2,", "S1,", "line 3", "stage “S1” stands in line 2 already"),
    ("stages", "S1,", ",", "line 2", "stage is empty"),
    ("stages", "2024-09-20T18:00:00+08:00", "2024-09-10T00:00", "line 2", "closes before it opens"),
    ("stages", "2024-10-08 00:00", "8 October", "line 3", "“8 October” is no time"),
    ("stages", "2024-10-08 00:00", "2024-02-30T00:00", "line 3", "is no time"),
    ("stages", "2024-10-08 00:00", "0001-01-01T00:00", "line 3", "is no time"),
    ("stages", "2024-10-08 00:00", "", "line 3", "opens_at is empty"),
    ("stages", ",sound", ",", "line 3", "parameters is empty"),
    ("stages", ",sound", ",; ;", "line 3", "has no parameter"),
    ("stages", "init;final", "init;final;rc99", "line 2", "no parameter “rc99”"),
    ("stages", "init;final", "init;final;init", "line 2", "Parameter init is listed twice"),
    ("stages", ",sound", ",sound;init", "line 3", "Parameter init is listed twice"),
    ("stages", "2024-09-10T00:00:00+08:00", "2001-09-10T00:00", "line 2", "known on 2001-09-10"),
    ("labs", "L-2,", "L-1,", "line 3", "lab_code “L-1” stands in line 2 already"),
    ("labs", "乙检测中心", "甲检测中心 ", "line 3", "lab_name “甲检测中心” stands in line 2"),
    ("labs", "乙检测中心", " ", "line 3", "lab_name is empty"),
    ("labs", "L-2,乙", ",乙", "line 3", "lab_code is empty"),
    ("labs", "L-2,乙", "L/2,乙", "line 3", "lab_code “L/2” is not possible"),
    ("labs", "乙检测中心", "乙" * 501, "line 3", "lab_name has more than 500 characters"),
    ("labs", "乙检测中心", "乙" * 200_000, "labs.csv", "is broken"),
    ("labs", "2024-08-28T12:41:00+08:00", "soon", "line 2", "registered_at “soon” is no time"),
    ("labs", "L-2,乙检测中心,深圳,,,,", "L-2,乙,甲,深圳,,,,,x", "line 3", "more cells than"),
    ("samples", "Y2,", "Y1,", "line 3", "sample_no “Y1” stands in line 2 already"),
    ("samples", "Y4,L-2", "Y4,L-9", "line 5", "lab_code “L-9” is not in labs.csv"),
    ("samples", "Y4,L-2,2", "Y4,L-2,3", "line 5", "pack_label “3” is not possible"),
    ("samples", "Y4,L-2,2", "Y4,L-2,x", "line 5", "Write one of: 1, 2."),
    ("samples", "Y4,L-2,2", "Y4,L-2,1", "line 5", "“L-2, 1” stands in line 4 already"),
    ("samples", "2,A", "2,C", "line 5", "item “C” is not possible"),
    ("samples", "2,A", "2,B", "line 5", "lab_code, item “L-2, B” stands in line 4 already"),
    ("samples", "Y4,L-2,2,A,,\n", "", "labs.csv, line 3", "L-2 has no pack 2"),
    ("samples", "完好", "还行", "line 2", "Write one of: 完好, 破损, 编号不符, intact"),
    ("samples", "2024-09-03T11:09:00+08:00", "x", "line 2", "dispatched_at “x” is no time"),
    ("submissions", "L-2,S1", "L-9,S1", "line 4", "lab_code “L-9” is not in labs.csv"),
    ("submissions", "L-2,S1", "L-2,S9", "line 4", "stage “S9” is not in stages.csv"),
    ("submissions", "L-2,S1", ",S1", "line 4", "lab_code is empty"),
    ("submissions", "L-1,S2", "L-1,S1", "line 3", "“L-1, S1” stands in line 2 already"),
    ("submissions", ",no", ",maybe", "line 3", "sealed “maybe” is not possible"),
    ("submissions", ",,,钱某,no", "", "line 3", "sealed “” is not possible"),
    ("submissions", "2024-09-14T", "2024-09-09T", "line 2", "before stage S1 opens"),
    ("submissions", "2024-09-14T13:45:00+08:00", "", "line 2", "submitted_at is empty"),
    ("submissions", "2024/9/10 9:48", "10.9.", "line 4", "cast_at “10.9.” is no time"),
    ("readings", "L-1,Y2", "L-2,Y2", "line 3", "Sample Y2 belongs to laboratory L-1, not to L-2"),
    ("readings", "L-2,Y3", "L-9,Y3", "line 5", "lab_code “L-9” is not in labs.csv"),
    ("readings", "L-2,Y3", ",Y3", "line 5", "lab_code is empty"),
    ("readings", "Y3,", "Y9,", "line 5", "sample_no “Y9” is not in samples.csv"),
    ("readings", "Y3,final", "Y3,rc99", "line 5", "parameter “rc99” is not in stages.csv"),
    ("readings", "Y3,final", "Y3,rc28", "line 5", "parameter “rc28” is not in stages.csv"),
    ("readings", "Y3,final", "Y3,sound", "line 5", "L-2 has no submission for stage S2"),
    ("readings", "1,1,A", "1,1,load", "line 4", "sound has no reading 1 load 1"),
    ("readings", "1,1,A", "3,1,A", "line 4", "sound has no reading 3 A 1"),
    ("readings", "1,1,A", "1,01,A", "line 4", "Write one of: 1 A 1, 1 C 1, 1 A 2"),
    ("readings", "1,1,A,10.5,mm", "1,1,A", "line 4", "value is empty"),
    ("readings", "1,1,A,10.5,mm", "", "line 4", "attempt is empty"),
    ("readings", "L-1,Y2", "L-1,Y1", "line 3", "“Y1, init, 1, elapsed, 1” stands in line 2"),
    ("reported", "L-1,Y2", "L-2,Y2", "line 3", "Sample Y2 belongs to laboratory L-1"),
    ("reported", "L-1,Y2", "L-9,Y2", "line 3", "lab_code “L-9” is not in labs.csv"),
    ("reported", "Y1,", "Y9,", "line 2", "sample_no “Y9” is not in samples.csv"),
    ("reported", ",reported,", ",said,", "line 2", "Write one of: reported, void."),
    ("reported", "reported,172,min", "reported", "line 2", "value is empty"),
    ("reported", "Y2,sound", "Y2,init", "line 4", "“Y2, init” stands in line 3 already"),
]


@pytest.mark.parametrize(("name", "old", "new", "where", "said"), SPOILT)
def test_what_is_wrong_is_said_with_its_line(name, old, new, where, said):
    found = problems(spoilt(name, old, new))
    place = where if where.endswith(".csv") or ".csv," in where else f"{name}.csv, {where}"
    assert [line for line in found if line.startswith(f"{place}: ") and said in line], found


def test_a_sound_folder_is_read_whole():
    found = round_folder.read(folders.files())
    assert [stage.parameters for stage in found.stages] == [("init", "final"), ("sound",)]
    assert found.stages[1].opens_at == datetime(2024, 10, 7, 16, tzinfo=UTC)
    assert [(lab.code, len(lab.samples)) for lab in found.laboratories] == [("L-1", 2), ("L-2", 2)]
    first, second, third = found.submissions
    assert (first.sealed, second.sealed, third.at.hour) == (True, False, 8)
    assert first.fields["init.1.1.elapsed.1"] == " 172 "
    assert first.fields["cast_at"] == third.fields["cast_at"] == "2024-09-10T09:48"
    assert (second.fields["cast_at"], first.fields["tested_by"]) == ("", "钱某")
    assert first.fields["sample.2.condition"] == third.fields["sample.1.condition"] == "damaged"
    assert first.reported == {("init", 1): ("reported", "172"), ("init", 2): ("void", "")}


def test_void_without_readings_is_declared_and_with_readings_is_not():
    first, second, _third = round_folder.read(folders.files()).submissions
    assert second.fields["sound.2.status"] == "void"
    assert "init.2.status" not in first.fields


@pytest.mark.parametrize("text", ["init;final;", "init; final", " init；final ;; "])
def test_blanks_and_separators_too_many_do_no_harm(text):
    found = round_folder.read(spoilt("stages", "init;final", text))
    assert found.stages[0].parameters == ("init", "final")


def test_everything_is_said_in_one_pass_and_equal_problems_once():
    found = folders.files(
        labs=folders.LABS.replace("L-1", "L-3"),
        stages=folders.STAGES.replace("init;final", "init;final;rc99"),
        reported=folders.REPORTED.replace("void", "lost", 1),
    )
    said = "\n".join(problems(found))
    assert "stages.csv, line 2: There is no parameter “rc99”" in said
    assert "labs.csv, line 2: Laboratory L-3 has no pack 1" in said
    for place in ("samples.csv, line 2-3", "submissions.csv, line 2-3", "readings.csv, line 2-4"):
        assert f"{place}: lab_code “L-1” is not in labs.csv" in said
    assert "reported.csv, line 3: status “lost”" in said


@pytest.mark.parametrize("name", sorted(round_folder.FILES))
@pytest.mark.parametrize("content", [None, "", "strange\n1\n"])
def test_a_file_that_cannot_be_read_makes_no_noise_about_the_others(name, content):
    found = problems(folders.files(**{name: content}))
    assert [line.partition(": ")[0] for line in found] == [f"{name}.csv"]


def test_a_file_that_is_read_as_something_else_is_refused_in_words():
    utf16 = problems(folders.files(labs=folders.LABS.encode("utf-16")))
    assert "neither UTF-8 nor GB 18030" in utf16[0]
    bare = problems(folders.files(labs=folders.LABS.encode("utf-16-le")))
    assert "neither UTF-8 nor GB 18030" in bare[0]
    plain = problems(folders.files(labs=folders.LABS.replace("甲", "\x07")))
    assert "Cell B2 contains characters that cannot be shown" in plain[0]
    large = problems(folders.files(labs=b"x" * (ROSTER.size + 1)))
    assert "larger than 20 MB" in large[0]
    assert round_folder.read(folders.files(labs=folders.LABS.encode("gb18030")))


@pytest.mark.parametrize("name", ["stages", "labs"])
def test_a_heading_alone_is_no_round(name):
    text = folders.SOUND[name].splitlines()[0]
    assert f"{name}.csv: There is no line" in "\n".join(problems(folders.files(**{name: text})))


def test_a_column_that_stands_twice_is_said():
    found = problems(spoilt("labs", "registered_at", "city"))
    assert found == ["labs.csv: The heading has twice the column city. Delete one."]


def test_empty_lines_are_passed_over_and_still_counted():
    found = problems(spoilt("labs", "L-2,乙检测中心,深圳", ",,,\n\nL-2,,深圳"))
    assert found == ["labs.csv, line 5: lab_name is empty. Fill it in, or delete the line."]


def test_a_label_that_cannot_be_read_is_no_missing_pack():
    assert len(problems(spoilt("samples", "Y4,L-2,2", "Y4,L-2,x"))) == 1


def test_what_is_checked_before_reading_is_not_guessed_after_it(monkeypatch):
    monkeypatch.setattr(round_folder, "check", lambda tables: None)
    with pytest.raises(ValueError, match="opens_at in line 2"):
        round_folder.read(spoilt("stages", "2024-09-10T00:00:00+08:00", "x"))


def test_lines_are_listed_briefly_and_in_the_language_of_the_reader():
    lines = [Problem("a.csv", line, "{v}", {"v": "%"}) for line in (2, 3, 4, 7, 9, 10)]
    assert listed(lines) == ["a.csv, line 2-4, 7, 9-10: %"]
    words = {"{file}, line {lines}: {problem}": "{file} 第 {lines} 行：{problem}", "{v}": "〈{v}〉"}
    assert listed(lines[:1], lambda text: words[text]) == ["a.csv 第 2 行：〈%〉"]


@pytest.mark.parametrize(("code", "good"), [("SN24", True), ("a.b_c-d", True), ("第1", False)])
def test_the_code_of_a_round_is_typed_anywhere(code, good):
    assert round_folder.is_round_code(code) is good
