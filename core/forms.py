"""Forms of accounts: sign in, set a password, add an account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its stubs
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

from core.access import Role

ROLES = {
    Role.OFFICE: _l("Office: runs every session"),
    Role.ADMIN: _l("Administrator: also manages accounts"),
    Role.ORGANISER: _l("Organiser: runs the sessions granted"),
    Role.LAB: _l("Laboratory: reports in a comparison round"),
    Role.JUDGE: _l("Judge: ranks a comparison round by code"),
    Role.LIAISON: _l("Liaison officer: files for a reporting body"),
}


def login_field() -> StringField:
    """Return the field for the name of an account."""
    return StringField(
        _l("Account or mobile number"),
        [
            InputRequired(),
            Length(max=40),
            Regexp(r"[A-Za-z0-9._-]+$", message=_l("Use letters, digits, dot, dash, underscore.")),
        ],
    )


class SignInForm(FlaskForm):
    """Login name and password."""

    login = StringField(_l("Account or mobile number"), [InputRequired(), Length(max=100)])
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=256)])


class PasswordForm(FlaskForm):
    """A new password, typed twice."""

    password = PasswordField(_l("New password"), [InputRequired(), Length(min=12, max=256)])
    again = PasswordField(
        _l("New password again"),
        [InputRequired(), EqualTo("password", _l("The two passwords differ. Type them again."))],
    )


class PersonForm(FlaskForm):
    """A new account."""

    login = login_field()
    name = StringField(_l("Name"), [InputRequired(), Length(max=50)])
    role = SelectField(
        _l("Role"),
        choices=[SelectChoice(key.value, ROLES[key]) for key in (Role.OFFICE, Role.ADMIN)],
    )
