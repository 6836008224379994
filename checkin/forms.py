"""Forms of the door: what people and organisers type, checked field by field."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its stubs
from wtforms.validators import (
    URL,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from checkin.models.occasion import Kind, Profile
from checkin.occasions import Details
from core.clock import from_local, local, now
from core.forms import LINE, login_field, stripped
from core.forms import by as _by
from core.personal import check_name, parse_mobile

KINDS = {
    Kind.TOUR: _l("On-site observation tour"),
    Kind.LECTURE: _l("Quality lecture"),
    Kind.CONSULTATION: _l("Consultation"),
    Kind.OTHER: _l("Other session"),
}
PROFILES = {
    Profile.STAFF: _l("Volunteer: checks in registered people and walk-ins"),
    Profile.SUPERVISOR: _l("Supervisor: may also admit walk-ins beyond the capacity"),
}


def _joined(value: str | None) -> str | None:
    """Take out the spaces of a PIN as it is shown: 123 456."""
    return "".join(value.split()) if value else value


class RegisterForm(FlaskForm):
    """A person registers for an occasion: never an ID number, never the gender."""

    name = StringField(_l("Name"), [InputRequired(), _by(check_name)])
    employer = StringField(
        _l("Employer"), [DataRequired(), Length(max=100), LINE], filters=[stripped]
    )
    post = StringField(_l("Post"), [Length(max=50), LINE], filters=[stripped])
    place = SelectField(_l("City"), [InputRequired()], coerce=str)
    mobile = StringField(_l("Mobile"), [InputRequired(), _by(parse_mobile)])
    acknowledged = BooleanField(
        _l("I have read the safety notice and how my data is used, and I agree."),
        [InputRequired(_l("Please read both and tick the box, then send again."))],
    )


class OwnDataForm(FlaskForm):
    """What the holder of a ticket may correct; another name is another person's ticket."""

    employer = StringField(
        _l("Employer"), [DataRequired(), Length(max=100), LINE], filters=[stripped]
    )
    post = StringField(_l("Post"), [Length(max=50), LINE], filters=[stripped])
    mobile = StringField(_l("New mobile number"), [Optional(), _by(parse_mobile)])


class WithdrawForm(FlaskForm):
    """Only the CSRF token: the page itself asks the question."""


class PinForm(FlaskForm):
    """The six digits said beside the pairing code."""

    pin = StringField(
        _l("PIN"),
        [
            InputRequired(),
            Length(6, 6, _l("The PIN has six digits. Look at the organiser's screen.")),
        ],
        filters=[_joined],
    )


class WalkInForm(FlaskForm):
    """A person who is not on the list: name and unit are enough."""

    name = StringField(_l("Name"), [InputRequired(), _by(check_name)])
    unit = StringField(_l("Employer"), [DataRequired(), Length(max=100), LINE], filters=[stripped])
    mobile = StringField(_l("Mobile (optional)"), [Optional(), _by(parse_mobile)])
    reason = StringField(_l("Remark (optional)"), [Length(max=100), LINE], filters=[stripped])
    supervisor = StringField(
        _l("Supervisor who allows it"), [Length(max=50), LINE], filters=[stripped]
    )


class GateForm(FlaskForm):
    """A new gate."""

    name = StringField(
        _l("Name of the gate"), [DataRequired(), Length(max=30), LINE], filters=[stripped]
    )
    profile = SelectField(
        _l("May do"), choices=[SelectChoice(key.value, text) for key, text in PROFILES.items()]
    )


class OrganiserForm(FlaskForm):
    """An account that exists, or a new one."""

    login = login_field()
    name = StringField(_l("Name, if the account is new"), [Length(max=50), LINE])


class OccasionForm(FlaskForm):
    """One screen for an occasion; what is left empty gets a sensible value."""

    kind = SelectField(
        _l("Kind"), choices=[SelectChoice(key.value, text) for key, text in KINDS.items()]
    )
    title = StringField(_l("Title"), [DataRequired(), Length(max=120), LINE], filters=[stripped])
    starts_at = DateTimeLocalField(_l("Starts"), [InputRequired()])
    ends_at = DateTimeLocalField(_l("Ends"), [InputRequired()])
    venue = StringField(_l("Venue"), [DataRequired(), Length(max=120), LINE], filters=[stripped])
    place = SelectField(_l("City"), coerce=str)
    address = StringField(_l("Address"), [Length(max=200), LINE], filters=[stripped])
    map_url = URLField(
        _l("Map link"),
        [Optional(), Length(max=500), URL(message=_l("Paste the whole link, with https://."))],
        filters=[stripped],
    )
    capacity = IntegerField(_l("Places"), [Optional(), NumberRange(1, 100000)])
    host = StringField(_l("Host"), [Length(max=120), LINE], filters=[stripped])
    contact_name = StringField(_l("Contact person"), [Length(max=50), LINE], filters=[stripped])
    contact_phone = StringField(_l("Contact phone"), [Length(max=50), LINE], filters=[stripped])
    sign_in_opens_at = DateTimeLocalField(_l("Check-in opens"), [Optional()])
    sign_in_closes_at = DateTimeLocalField(_l("Check-in closes"), [Optional()])
    registration_opens_at = DateTimeLocalField(_l("Registration opens"), [Optional()])
    registration_closes_at = DateTimeLocalField(_l("Registration closes"), [Optional()])
    series = StringField(_l("Series"), [Length(max=120), LINE], filters=[stripped])
    wear = TextAreaField(_l("What to wear"), [Length(max=1000)], filters=[stripped])
    safety = TextAreaField(_l("Safety notice"), [Length(max=2000)], filters=[stripped])
    traffic = TextAreaField(_l("Getting there"), [Length(max=1000)], filters=[stripped])

    def validate_map_url(self, field: Field) -> None:
        """Take web addresses only: a link of another kind could run a script."""
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError(_("Paste the whole link, with https://."))

    def details(self) -> Details:
        """Return what was typed, with the times that were left empty filled in."""
        starts, ends = _instant(self.starts_at), _instant(self.ends_at)
        assert starts is not None  # noqa: S101 (required)
        assert ends is not None  # noqa: S101 (required)
        texts = ("title", "venue", "address", "map_url", "host", "contact_name", "contact_phone")
        notices = ("series", "wear", "safety", "traffic")
        return Details(
            kind=Kind(self.kind.data),
            starts_at=starts,
            ends_at=ends,
            sign_in_opens_at=_instant(self.sign_in_opens_at) or starts - timedelta(hours=1),
            sign_in_closes_at=_instant(self.sign_in_closes_at) or ends,
            registration_opens_at=_instant(self.registration_opens_at) or now(),
            registration_closes_at=_instant(self.registration_closes_at) or starts,
            capacity=self.capacity.data,
            place_id=int(self.place.data) if self.place.data else None,
            **{name: self[name].data or "" for name in texts + notices},
        )

    def show(self, occasion: Any) -> None:
        """Fill the form from an occasion, times in Beijing time."""
        self.process(obj=occasion)
        for field in self:
            if isinstance(field, DateTimeLocalField) and field.data is not None:
                field.data = local(field.data).replace(tzinfo=None)
        self.place.data = str(occasion.place_id or "")

    def add_problems(self, fields: dict[str, str]) -> None:
        """Show what a service refused beside the fields it speaks of."""
        for name, message in fields.items():
            self[name].errors = [*self[name].errors, _(message)]


def _instant(field: DateTimeLocalField) -> datetime | None:
    return from_local(field.data) if field.data is not None else None
