"""Forms of the office about officers: the grid of contacts, the text, another officer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, TelField, TextAreaField

from campaign import wording
from campaign.invitations import Contact, Invited
from core.errors import InvalidInput
from core.forms import by
from core.personal import check_email, check_name, mask_mobile, parse_mobile


@dataclass
class ContactRow:
    """The cells of one body in the grid, as they are stored or as they were typed."""

    invited: Invited
    values: dict[str, str]
    #: Cell → sentence.
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Say whether the office may still change them: until the officer answers for them."""
        one = self.invited.contact
        return one is None or one.state != "set_up"

    @property
    def contact(self) -> Contact:
        """Return what was typed, clean; a mobile that is still masked is unchanged."""
        masked = self.values["mobile"] == _masked(self.invited)
        mobile = None if masked else self.values["mobile"]
        return Contact(self.values["name"], mobile, self.values["email"])


def _masked(row: Invited) -> str:
    return mask_mobile(row.contact.mobile) if row.contact else ""


def stored(row: Invited) -> ContactRow:
    """Return the cells of a body as they are stored; the mobile shows its ends alone."""
    one = row.contact
    values = {
        "name": one.name if one else "",
        "mobile": _masked(row),
        "email": one.user.email if one else "",
    }
    return ContactRow(row, values)


def typed(row: Invited, form: Mapping[str, str]) -> ContactRow:
    """Return the cells as they were typed, clean where they can be, with what is wrong."""
    cells, number = stored(row), row.body.public_id
    rules: dict[str, Callable[[str], str]] = {
        "name": check_name,
        "mobile": parse_mobile,
        "email": check_email,
    }
    for name, rule in rules.items():
        text = form.get(f"{name}-{number}")
        if not cells.open or text is None or text.strip() == cells.values[name]:
            continue
        cells.values[name] = text.strip()
        try:
            cells.values[name] = rule(text) if text.strip() else ""
        except InvalidInput as error:
            cells.wrong[name] = _(error.message, **error.params)
    return cells


class InvitationText(FlaskForm):
    """The text that goes to every body, with its placeholders."""

    text = TextAreaField(
        _l("Text of the invitation"), [by(lambda text: wording.check(text, wording.INVITATION))]
    )


class OfficerForm(FlaskForm):
    """Another officer of a body."""

    name = StringField(_l("Name"), [by(lambda text: check_name(text) if text.strip() else "")])
    mobile = TelField(_l("Mobile"), [by(lambda text: parse_mobile(text) if text.strip() else "")])
    email = EmailField(_l("E-mail"), [by(check_email)])


class ReminderText(FlaskForm):
    """The text of a reminder, with its placeholders."""

    text = TextAreaField(
        _l("Text of the reminder"), [by(lambda text: wording.check(text, wording.REMINDER))]
    )

    def kept(self) -> dict[str, Any]:
        """Return what the page of confirmation carries along."""
        return {"text": self.text.data or ""}
