"""The tree of refusals: a stable code, a status, a sentence."""

import pytest

from core import errors

STATUS = {
    errors.AppError: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.InvalidInput: 422,
    errors.Unavailable: 503,
}


@pytest.mark.parametrize(("kind", "status"), STATUS.items())
def test_each_refusal_has_its_status(kind, status):
    error = kind("full", "All places are taken.")
    assert (error.status, error.code, error.message) == (status, "full", "All places are taken.")


def test_a_refusal_may_say_another_status():
    assert errors.AppError("gone", "It is gone.", status=410).status == 410
    assert errors.AppError.status == 400


def test_what_the_sentence_names_travels_beside_it():
    assert errors.Conflict("late", "Closed %(when)s.", when="08:30").params == {"when": "08:30"}


def test_the_code_alone_is_what_a_log_shows():
    assert str(errors.NotFound("unknown", "张示例 is unknown.", name="张示例")) == "unknown"


def test_wrong_fields_are_named():
    fields = {"mobile": "Enter eleven digits."}
    error = errors.InvalidInput("form", "Correct the form.", fields=fields, row=3)
    fields["mobile"] = "changed later"
    assert error.fields == {"mobile": "Enter eleven digits."}
    assert error.params == {"row": 3}
    assert errors.InvalidInput("form", "Correct the form.").fields == {}


def test_too_many_attempts_say_when_to_come_back():
    error = errors.TooMany("wait", "Wait %(minutes)s minutes.", retry_after=90, minutes=2)
    assert (error.status, error.retry_after, error.params) == (429, 90, {"minutes": 2})


def test_marking_a_message_leaves_it_as_it_is():
    assert errors.N_("Try again.") == "Try again."
