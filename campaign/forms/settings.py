"""Forms of a year: its details, the deadlines of all bodies, a new year, opening it."""

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from campaign.details import Details, check_file
from campaign.extension import moment
from campaign.models import Campaign, Item
from core.clock import from_local, local
from core.errors import N_, InvalidInput
from core.forms import LINE, MUST, stripped

#: How many files may stand at the root of the site.
FILES = 8


def unix(value: str | None) -> str | None:
    """Return a typed text with the line ends that are stored."""
    return value.replace("\r\n", "\n").strip() if value else value


def _line(label: str, *, most: int = 120, needed: bool = False) -> StringField:
    must = [DataRequired(_l("Fill in this field."))] if needed else []
    return StringField(label, [*must, Length(max=most), LINE], filters=[stripped])


class DetailsForm(FlaskForm):
    """Everything the office writes about a year."""

    #: The mark of what the page was opened with.
    seen = HiddenField()
    name = _line(_l("Name of the month"), most=60, needed=True)
    theme = _line(_l("Theme"))
    document_no = _line(_l("Document number"), most=60)
    starts_on = DateField(_l("First day"), [MUST])
    ends_on = DateField(_l("Last day"), [MUST])
    host = _line(_l("Host"))
    contact = TextAreaField(_l("Contact of the office"), [Length(max=500)], filters=[unix])
    intro = TextAreaField(_l("Text above the filings"), [Length(max=3000)], filters=[unix])
    privacy = TextAreaField(_l("How personal data is used"), [Length(max=5000)], filters=[unix])
    footer = TextAreaField(
        _l("Lines at the foot of every page"), [Length(max=1000)], filters=[unix]
    )
    video_limit_mb = IntegerField(_l("Largest video, in MB"), [MUST, NumberRange(1, 500)])
    retention_months = IntegerField(
        _l("Months until mobiles are deleted"), [MUST, NumberRange(6, 12)]
    )

    def validate_ends_on(self, field: Field) -> None:
        """Refuse an end before the start."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("The last day is before the first. Check both."))

    def validate_footer(self, field: Field) -> None:
        """Keep the foot of the page a foot."""
        lines = (field.data or "").splitlines()
        if len(lines) > 8 or any(len(line) > 100 for line in lines):
            raise ValidationError(_("At most 8 lines of 100 characters. Shorten the text."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and each file with its name and content together."""
        good = bool(super().validate(extra_validators))
        names: set[str] = set()
        for name, content in self.files:
            if not name.data and not content.data:
                continue
            try:
                check_file(name.data or "", content.data or "")
                if name.data in names:
                    raise InvalidInput("root_file_twice", N_("This name stands twice in the list."))
            except InvalidInput as error:
                beside = content if error.code == "root_file_content" else name
                beside.errors = [*beside.errors, _(error.message)]
                good = False
            names.add(name.data or "")
        return good

    @property
    def files(self) -> list[tuple[Field, Field]]:
        """Return the fields of the files at the root: name and content."""
        return [(self[f"file_name_{n}"], self[f"file_content_{n}"]) for n in range(FILES)]

    def show(self, campaign: Campaign, seen: str, privacy: str) -> None:
        """Fill the form from a campaign; ``privacy`` is the notice as people read it."""
        self.process(obj=campaign)
        self.seen.data, self.privacy.data = seen, privacy
        for (name, content), (key, text) in zip(
            self.files, sorted(campaign.root_files.items()), strict=False
        ):
            name.data, content.data = key, text

    def details(self, *, usual_privacy: str) -> Details:
        """Return what was typed; the usual notice is not stored, so that it follows the data."""
        files = {name.data: content.data for name, content in self.files if name.data}
        privacy = self.privacy.data or ""
        texts = ("theme", "document_no", "host", "contact", "intro", "footer")
        return Details(
            name=self.name.data or "",
            starts_on=_given(self.starts_on.data),
            ends_on=_given(self.ends_on.data),
            privacy="" if privacy == usual_privacy else privacy,
            root_files=files,
            video_limit_mb=self.video_limit_mb.data or 0,
            retention_months=self.retention_months.data or 0,
            **{key: self[key].data or "" for key in texts},
        )


for _number in range(FILES):
    setattr(
        DetailsForm,
        f"file_name_{_number}",
        StringField(_l("Name of the file"), [Length(max=84)], filters=[stripped]),
    )
    setattr(
        DetailsForm,
        f"file_content_{_number}",
        TextAreaField(_l("Content of the file"), [Length(max=5000)], filters=[unix]),
    )


def _given(day: date | None) -> date:
    assert day is not None  # noqa: S101 (required)
    return day


class DeadlinesForm(FlaskForm):
    """When each of the four items is due: a day, and a time of day up to 24:00."""

    slip_day = DateField(_l("Day"), [MUST])
    slip_time = StringField(_l("Time"), [MUST])
    slip_seen = HiddenField(validators=[Optional()])
    plan_day = DateField(_l("Day"), [MUST])
    plan_time = StringField(_l("Time"), [MUST])
    plan_seen = HiddenField(validators=[Optional()])
    summary_day = DateField(_l("Day"), [MUST])
    summary_time = StringField(_l("Time"), [MUST])
    summary_seen = HiddenField(validators=[Optional()])
    evidence_day = DateField(_l("Day"), [MUST])
    evidence_time = StringField(_l("Time"), [MUST])
    evidence_seen = HiddenField(validators=[Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each time of day."""
        good = bool(super().validate(extra_validators))
        for item in Item:
            day, time = self[f"{item}_day"], self[f"{item}_time"]
            if day.errors or time.errors:
                continue
            try:
                moment(day.data.isoformat(), time.data)
            except ValueError:
                time.errors = [_("Enter a day, and a time from 00:00 to 24:00.")]
                good = False
        return good

    def show(self, due: dict[Item, datetime]) -> None:
        """Fill the form from the deadlines that hold."""
        for item, instant in due.items():
            day, time = as_written(instant)
            self[f"{item}_day"].data, self[f"{item}_time"].data = day, time
            self[f"{item}_seen"].data = instant.isoformat()

    def wanted(self) -> dict[Item, datetime]:
        """Return the instants that were typed."""
        return {
            item: _instant(self[f"{item}_day"].data, self[f"{item}_time"].data) for item in Item
        }

    def seen(self) -> dict[Item, datetime]:
        """Return the instants the page was opened with."""
        found = {}
        for item in Item:
            try:
                instant = datetime.fromisoformat(self[f"{item}_seen"].data or "")
            except ValueError:
                continue
            if instant.tzinfo is not None:
                found[item] = instant
        return found


def _instant(day: date, time: str) -> datetime:
    return from_local(moment(day.isoformat(), time))


def as_written(instant: datetime) -> tuple[date, str]:
    """Return day and time as a notice writes them: midnight is 24:00 of the day that is over."""
    at = local(instant)
    if (at.hour, at.minute) == (0, 0):
        return at.date() - timedelta(days=1), "24:00"
    return at.date(), f"{at:%H:%M}"


class NewYearForm(FlaskForm):
    """The number of a year that is made from another one."""

    new_year = IntegerField(_l("Year"), [MUST, NumberRange(2000, 2100)])


class OpenYearForm(FlaskForm):
    """Somebody who opens a year has read what follows from it."""

    sure = BooleanField(
        _l("Yes: the bodies see this year from now on."),
        [InputRequired(_l("Tick the box first: opening cannot be taken back."))],
    )
