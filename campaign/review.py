"""The office decides about a filed version: it is accepted (已收) or returned (退回)."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from campaign import campaigns, filings, officers, wording
from campaign.compare import Difference, difference
from campaign.extension import Extension, check_reason
from campaign.models import Act, Body, Campaign, Filing, Item, SlipPerson
from core.access import Actor
from core.clock import from_local
from core.db import db
from core.errors import N_, Conflict, InvalidInput

#: What a version's person says; numbers are forgotten after a time and would seem changed.
_SAID = ("name", "gender", "employer", "post")


def seen(body: Body, item: Item) -> int:
    """Return the number of the newest act on an item: what a page shows is decided as seen."""
    newest = sa.select(sa.func.max(Filing.seq)).filter_by(body_id=body.id, item=item)
    return db.session.scalar(newest) or 0


def decide(filing: Filing, act: str, actor: Actor, *, seen_no: int, reason: str = "") -> Filing:
    """Accept or return the version of ``filing`` as it was seen.

    ``seen_no`` is what :func:`seen` said when the page was made; raises :class:`Conflict` when
    anything happened since. The officers of the body are told; the persons of an accepted slip
    become users at once.
    """
    body = db.session.get_one(Body, filing.body_id)
    said = check_reason(reason) if act == "return" else ""
    # Before anything is compared: two officers decide one after the other.
    db.session.refresh(body, with_for_update={"key_share": True})
    if seen(body, filing.item) != seen_no or not _is_newest(filing):
        raise Conflict(
            "decided_meanwhile",
            N_(
                "Something happened to this filing since you opened the page: somebody decided, "
                "or the body filed again. Look at it before you decide."
            ),
        )
    told = wording.decided(body.name, filing.item.value, act, said)
    if act == "return":
        officers.tell(body, "returned", told, actor)
        return filings.give_back(body, filing.item, said, actor)
    officers.tell(body, "accepted", told, actor)  # before the slip makes new ones, told apart
    done = filings.accept(body, filing.item, actor, version=filing.version)
    if filing.item is Item.SLIP:
        officers.welcome(body, filing, actor)
    return done


def _is_newest(filing: Filing) -> bool:
    body = db.session.get_one(Body, filing.body_id)
    newest = filings.last_version(body, filing.item)
    return newest is not None and newest.id == filing.id


def extend(campaign: Campaign, body: Body, wanted: Extension, actor: Actor) -> None:
    """Give a body more time; the deadline of all, set once more, takes an extension back."""
    until, items = from_local(wanted.until), [Item(item) for item in wanted.items]
    general = campaigns.deadlines(campaign)
    far = abs(wanted.until.year - campaign.year) > 1
    if far or any(until < general[item] for item in items):
        sentence = N_("Choose a time that is not before the deadline of all bodies.")
        if far:
            sentence = N_("This day is more than a year away from the month. Check it.")
        raise InvalidInput("extension_invalid", sentence, fields={"day": sentence})
    campaigns.set_deadline(campaign, items, until, actor, body=body, reason=wanted.reason)


def versions(body: Body, item: Item) -> list[Filing]:
    """Return the filed versions of an item, the oldest first."""
    filed = sa.select(Filing).filter_by(body_id=body.id, item=item, act=Act.FILED)
    return list(db.session.scalars(filed.order_by(Filing.seq)))


def compared(before: Filing, after: Filing) -> Difference:
    """Return what a version says that an earlier one did not."""
    return difference(before.document, after.document, _persons(before), _persons(after))


def _persons(filing: Filing) -> list[Mapping[str, Any]]:
    if filing.item is not Item.SLIP:
        return []
    found = db.session.scalars(
        sa.select(SlipPerson).filter_by(filing_id=filing.id).order_by(SlipPerson.position)
    )
    return [{name: str(getattr(person, name)) for name in _SAID} for person in found]
