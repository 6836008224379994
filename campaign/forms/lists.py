"""Forms of long lists: reporting bodies and announced days, one row of fields each."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from campaign.body_list import Row
from campaign.holidays import Entry
from campaign.models import Body, BodyKind, DayKind, Holiday
from core.forms import LINE, MUST, stripped
from core.text import readable

#: Longest name of a body, in characters.
NAME = 60


class BodyForm(FlaskForm):
    """A body that is added to the list."""

    name = StringField(
        _l("Name of the body"),
        [DataRequired(MUST.message), Length(max=NAME), LINE],
        filters=[stripped],
    )
    place = SelectField(_l("City"), [MUST], coerce=str)
    kind = SelectField(_l("Kind"), [MUST], coerce=str)
    position = IntegerField(_l("Position"), [Optional(), NumberRange(1, 999)])

    def row(self) -> Row:
        """Return what was typed; without a position it stands at the end."""
        return Row(
            public_id="",
            position=self.position.data or 0,
            name=self.name.data or "",
            kind=BodyKind(self.kind.data),
            place_id=int(self.place.data),
        )


class BodyRows:
    """The whole list as it was sent; a row that cannot be read keeps its old values."""

    def __init__(self, sent: Mapping[str, str], listed: Sequence[Body], places: set[int]) -> None:
        self.errors: dict[str, str] = {}
        self.rows = [self._row(sent, body, places) for body in listed]

    def _row(self, sent: Mapping[str, str], body: Body, places: set[int]) -> Row:
        def value(name: str) -> str:
            return sent.get(f"{name}-{body.public_id}", "").strip()

        name, position = value("name"), value("position")
        if not name or len(name) > NAME:
            self.errors[body.public_id] = _("Write a name of 1 to 60 characters.")
        elif not readable(name):
            self.errors[body.public_id] = _(
                "Type it again: it contains characters that cannot be shown."
            )
        if not (position.isascii() and position.isdigit() and len(position) < 4):
            self.errors[body.public_id] = _("Write the position as a number from 1.")
            position = str(body.position)
        place = value("place")
        known_place = place.isascii() and place.isdigit() and int(place[:6]) in places
        return Row(
            public_id=body.public_id,
            position=max(int(position), 1),
            name=name,
            kind=BodyKind(value("kind")) if value("kind") in set(BodyKind) else body.kind,
            place_id=int(place) if known_place else body.place_id,
            sees_city=bool(value("sees_city")),
            remove=bool(value("remove")),
        )


class DayForm(FlaskForm):
    """One announced day."""

    day = DateField(_l("Day"), [MUST])
    kind = SelectField(_l("Announced as"), [MUST], coerce=str)
    name = StringField(_l("Name of the holiday"), [Length(max=50), LINE], filters=[stripped])

    def validate_day(self, field: DateField) -> None:
        """Refuse a year far away: it is a slip of the finger."""
        if field.data and not 2000 <= field.data.year <= 2100:
            raise ValidationError(_("Check the year."))

    def entry(self) -> Entry:
        """Return what was typed."""
        assert self.day.data is not None  # noqa: S101 (required)
        return Entry(self.day.data, DayKind(self.kind.data), self.name.data or "")


class PasteForm(FlaskForm):
    """Many announced days at once, one line each."""

    lines = TextAreaField(_l("Lines"), [DataRequired(MUST.message), Length(max=10000)])


def day_rows(sent: Mapping[str, str], listed: Sequence[Holiday]) -> tuple[list[Entry], list[date]]:
    """Return the days of a table as they were sent, and those that shall go."""
    entries, gone = [], []
    for row in listed:
        if sent.get(f"remove-{row.day}"):
            gone.append(row.day)
            continue
        kind = sent.get(f"kind-{row.day}", row.kind.value)
        name = sent.get(f"name-{row.day}", row.name).strip()[:50]
        if readable(name):
            entries.append(
                Entry(row.day, DayKind(kind) if kind in set(DayKind) else row.kind, name)
            )
    return entries, gone
