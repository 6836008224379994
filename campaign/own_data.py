"""What the month holds about the owner of an account: their rows on reply slips.

A row is theirs when it bears their mobile and belongs to a body they file for, or was filed by
them: a number that somebody gave themselves opens no row of a stranger.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from campaign.models import Body, Filing, FilingDraft, Item, SlipPerson
from campaign.retention import forget_persons
from core import own_data
from core.access import Role, Scope
from core.accounts import Grant, User
from core.clock import now
from core.db import db
from core.errors import N_, InvalidInput
from core.own_data import Section
from core.personal import parse_mobile


def _bodies(user: User) -> sa.Select[int]:
    return sa.select(Grant.scope_id).where(
        Grant.user_id == user.id, Grant.role == Role.LIAISON, Grant.scope == Scope.BODY
    )


def _rows(user: User) -> sa.ColumnElement[bool]:
    filings = sa.select(Filing.id).where(
        sa.or_(Filing.user_id == user.id, Filing.body_id.in_(_bodies(user)))
    )
    return sa.and_(SlipPerson.mobile == user.login, SlipPerson.filing_id.in_(filings))


def collect(user: User) -> list[Section]:
    """Return the rows of filed slips and of drafts that are the user's own."""
    names = ("name", "gender", "employer", "post", "landline", "mobile")
    found = db.session.execute(
        sa.select(
            Body.name.label("body"),
            Filing.at.label("filed_at"),
            *(getattr(SlipPerson, name) for name in names),
        )
        .join(Filing, Filing.id == SlipPerson.filing_id)
        .join(Body, Body.id == Filing.body_id)
        .where(_rows(user))
        .order_by(SlipPerson.id)
    )
    drafted = [
        {"body": body, "filed_at": None} | {name: row.get(name, "") for name in names}
        for _draft, body, row in _drafted(user)
    ]
    return [
        Section(
            "reply_slips",
            N_("You on reply slips"),
            {
                "body": N_("Body"),
                "filed_at": N_("Filed at"),
                "name": N_("Name"),
                "employer": N_("Employer"),
                "post": N_("Post"),
                "landline": N_("Landline"),
                "mobile": N_("Mobile"),
            },
            [dict(row._mapping) for row in found] + drafted,
            N_("Numbers until the retention time after the month is over; the rest is the record"),
        )
    ]


def _drafted(user: User) -> Iterator[tuple[FilingDraft, str, dict[str, Any]]]:
    """Yield the user's own rows in drafts of the bodies they file for."""
    drafts = db.session.execute(
        sa.select(FilingDraft, Body.name)
        .join(Body, Body.id == FilingDraft.body_id)
        .where(FilingDraft.item == Item.SLIP, FilingDraft.body_id.in_(_bodies(user)))
    )
    for draft, body in drafts:
        for row in draft.document.get("rows", []):
            if _is(row, user):
                yield draft, body, row


def _is(row: dict[str, Any], user: User) -> bool:
    try:
        return parse_mobile(row.get("mobile", "")) == user.login
    except InvalidInput:
        return False


def forget(user: User) -> int:
    """Empty the user's numbers on filed slips and take their rows out of drafts."""
    count = forget_persons(_rows(user), now())
    mine = list(_drafted(user))
    for draft in {id(draft): draft for draft, _body, _row in mine}.values():
        rows = [row for row in draft.document["rows"] if not _is(row, user)]
        draft.document = draft.document | {"rows": rows}
        draft.edit += 1  # a window that is open elsewhere must not bring the row back unseen
    db.session.flush()
    return count + len(mine)


def init_app() -> None:
    """Contribute to the page of own data."""
    own_data.register("campaign", collect, forget)
