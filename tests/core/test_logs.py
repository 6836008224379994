"""The log: classes and frames of an error, never its message."""

import io
import json
import logging
import re

import pytest
import sqlalchemy as sa

from core import logs
from tests import factories


def test_no_message_of_an_error_or_its_cause_is_logged():
    log, stream = logging.Logger("example"), io.StringIO()
    log.addHandler(logging.StreamHandler(stream))
    log.handlers[0].setFormatter(logs.JsonLines())
    try:
        try:
            raise ValueError("张示例")
        except ValueError as cause:
            raise RuntimeError("13812345678") from cause
    except RuntimeError:
        log.exception("crash")
    entry = json.loads(stream.getvalue())
    assert entry["exception"] == "builtins.RuntimeError from builtins.ValueError"
    assert "test_no_message_of_an_error_or_its_cause_is_logged" in entry["frames"][0]
    assert not {"张示例", "13812345678"} & set(re.findall(r"\w+", stream.getvalue()))


def test_a_real_conflict_in_the_database_hides_its_values(each_app):
    first = factories.user(login="13812345678")
    with pytest.raises(sa.exc.IntegrityError) as found, factories.writing():
        factories.user(login=first.login)
    assert "hidden" in str(found.value)
    assert "13812345678" not in json.dumps(logs.trace(found.value))
