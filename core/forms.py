"""Forms of accounts: sign in, password, a new account, own data, unmasking."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, SelectField, StringField, TelField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its stubs
from wtforms.validators import EqualTo, InputRequired, Length, Regexp, ValidationError

from core.access import Role
from core.errors import InvalidInput
from core.personal import check_email, check_name, parse_mobile
from core.text import check_line
from core.unmasking import REASONS

ROLES = {
    Role.OFFICE: _l("Office: runs every session"),
    Role.ADMIN: _l("Administrator: also manages accounts"),
    Role.ORGANISER: _l("Organiser: runs the sessions granted"),
    Role.LAB: _l("Laboratory: reports in a comparison round"),
    Role.JUDGE: _l("Judge: ranks a comparison round by code"),
    Role.LIAISON: _l("Liaison officer: files for a reporting body"),
}


def by(rule: Callable[[str], str]) -> Callable[[FlaskForm, Field], None]:
    """Return a validator that keeps the cleaned value or shows the rule's own sentence."""

    def validate(_form: FlaskForm, field: Field) -> None:
        try:
            field.data = rule(field.data or "")
        except InvalidInput as error:
            raise ValidationError(_(error.message, **error.params)) from error

    return validate


def stripped(value: str | None) -> str | None:
    """Return a typed text without the white space around it."""
    return value.strip() if value else value


#: What must be said; the sentence is ours, not the library's.
MUST = InputRequired(_l("Fill in this field."))
#: Text of one line: no control characters, whatever a phone pasted.
LINE = by(check_line)


def login_field() -> StringField:
    """Return the field for the name of an account."""
    return StringField(
        _l("Account or mobile number"),
        [
            MUST,
            Length(max=40),
            Regexp(r"[A-Za-z0-9._-]+$", message=_l("Use letters, digits, dot, dash, underscore.")),
        ],
    )


class SignInForm(FlaskForm):
    """Login name and password."""

    login = StringField(_l("Account or mobile number"), [MUST, Length(max=100)])
    password = PasswordField(_l("Password"), [MUST, Length(max=256)])


def _new_password() -> PasswordField:
    length = Length(12, 256, _l("A password has 12 to 256 characters. Choose a longer one."))
    return PasswordField(_l("New password"), [MUST, length])


def _again() -> PasswordField:
    same = EqualTo("password", _l("The two passwords differ. Type them again."))
    return PasswordField(_l("New password again"), [MUST, same])


class PasswordForm(FlaskForm):
    """A new password, typed twice."""

    password = _new_password()
    again = _again()


class FirstSignInForm(PasswordForm):
    """What an invited person says on the first visit."""

    name = StringField(_l("Name"), [MUST, by(check_name)])
    mobile = TelField(_l("Mobile"), [MUST, by(parse_mobile)])
    # Once more, for the order: mistakes are listed as the fields stand on the page.
    password = _new_password()
    again = _again()
    email = EmailField(_l("E-mail (if you like)"), [by(check_email)])


class PersonForm(FlaskForm):
    """A new account."""

    login = login_field()
    name = StringField(_l("Name"), [MUST, Length(max=50)])
    role = SelectField(
        _l("Role"),
        choices=[SelectChoice(key.value, ROLES[key]) for key in (Role.OFFICE, Role.ADMIN)],
    )


class UnmaskForm(FlaskForm):
    """Why somebody needs to see the full numbers of one person."""

    reason = SelectField(
        _l("Why do you need the full numbers?"), [InputRequired(_l("Choose the reason."))]
    )

    def __init__(self) -> None:
        super().__init__()
        first = SelectChoice("", _l("Please choose"))
        self.reason.choices = [first, *(SelectChoice(*reason) for reason in REASONS.items())]


class OwnDataForm(FlaskForm):
    """What a person may correct of their own account."""

    name = StringField(_l("Name"), [MUST, by(check_name)])
    login = login_field()
    email = EmailField(_l("E-mail (if you like)"), [by(check_email)])
    password = PasswordField(_l("Your password, to change the login"), [Length(max=256)])


class DeleteAccountForm(FlaskForm):
    """The name typed once more, so that nobody deletes an account by a slip of the hand."""

    typed = StringField(_l("Type your name"), [MUST, Length(max=100)])
