"""Invitations of the bodies of a year: who is invited, what they are sent, and by which way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from campaign import campaigns, filings, officers, telling, wording
from campaign.bodies import bodies as bodies_of
from campaign.models import Body, Campaign, Item
from campaign.officers import Officer
from campaign.progress import State
from campaign.telling import Sent
from core import audit
from core.access import Actor
from core.errors import N_, AppError, Conflict, InvalidInput
from core.notify import Channel, Message

KIND = "invitation"


@dataclass(frozen=True)
class Contact:
    """Who files for a body, as the office typed it; None leaves the mobile as it is."""

    name: str
    mobile: str | None
    email: str


@dataclass(frozen=True)
class Invited:
    """A body and how far its invitation has come."""

    body: Body
    officers: list[Officer]
    #: ``none``, ``invited``, ``over`` (no link opens any more), ``set_up`` or ``accepted``.
    state: str
    #: Messages of this invitation, the newest first.
    sent: list[Sent]

    @property
    def contact(self) -> Officer | None:
        """Return the officer whose data the grid shows: who came first and is not closed."""
        return next((one for one in self.officers if one.state != "closed"), None)

    @property
    def waiting(self) -> list[Officer]:
        """Return the officers whose link still has work to do."""
        return [one for one in self.officers if one.state == "invited"]


#: What a list is narrowed to.
SHOW: dict[str, Callable[[Invited], bool]] = {
    "all": lambda _row: True,
    "new": lambda row: row.state == "none",
    "not_set_up": lambda row: row.state in ("none", "invited", "over"),
}


def rows(campaign: Campaign, *, show: str = "all", only: str = "") -> list[Invited]:
    """Return the bodies in the order of the notice, or the one with public id ``only``."""
    listed = [body for body in bodies_of(campaign) if only in ("", body.public_id)]
    people, sent = officers.of_bodies(listed), telling.sent(KIND, listed)
    found = []
    for standing in filings.standings(campaign, listed):
        body = standing.body
        mine = [message for message in sent if message.body_id == body.id]
        accepted = standing.items[Item.SLIP].state is State.ACCEPTED
        state = "accepted" if accepted else _state(people[body.id], mine)
        found.append(Invited(body, people[body.id], state, mine))
    return [row for row in found if SHOW[show](row)]


def _state(people: list[Officer], sent: list[Sent]) -> str:
    states = {one.state for one in people}
    for state in ("set_up", "invited"):
        if state in states:
            return state
    return "over" if sent and "new" in states else "none"


def template(campaign: Campaign) -> str:
    """Return the usual text for this year."""
    return wording.invitation(themed=bool(campaign.theme), contact=campaign.contact)


def texts(campaign: Campaign, invited: Sequence[Invited], text: str) -> dict[int, dict[int, str]]:
    """Return the text by body and user; ``{link}`` stays for who still needs a link."""
    due = campaigns.deadlines_of_bodies(campaign)
    return {
        row.body.id: {
            one.user.id: telling.with_address(
                wording.fill(text, _values(campaign, row.body, one) | {
                    "deadline": wording.due_words(due[row.body.id, Item.SLIP])
                }),
                one.recipient,
            )
            for one in row.officers
        }
        for row in invited
    }  # fmt: skip


def _values(campaign: Campaign, body: Body, one: Officer) -> dict[str, str]:
    return {
        "body": body.name,
        "name": one.name,
        "theme": campaign.theme,
        "year": str(campaign.year),
    }


def save_contacts(campaign: Campaign, wishes: Mapping[str, Contact], actor: Actor) -> int:
    """Store contacts by public id of their body, all or none; return how many changed.

    Raises :class:`InvalidInput` with the refusals by ``mobile-`` and the body's public id.
    """
    wrong: dict[str, str] = {}
    changed = 0
    for row in rows(campaign):
        wish = wishes.get(row.body.public_id)
        if wish is None:
            continue
        try:
            changed += _save(row, wish, actor)
        except AppError as error:
            wrong[f"mobile-{row.body.public_id}"] = error.message
    if wrong:
        raise InvalidInput(
            "contacts_wrong", N_("Some rows need another look. Nothing was stored."), fields=wrong
        )
    return changed


def _save(row: Invited, wish: Contact, actor: Actor) -> bool:
    one = row.contact
    if one is None:
        if not (wish.name or wish.mobile or wish.email):
            return False
        officers.add(row.body, actor, name=wish.name, mobile=wish.mobile or "", email=wish.email)
        return True
    mobile = one.mobile if wish.mobile is None else wish.mobile
    if (wish.name, mobile, wish.email) == (one.name, one.mobile, one.user.email):
        return False
    officers.correct(row.body, one.user, actor, name=wish.name, mobile=mobile, email=wish.email)
    return True


def invite_all(campaign: Campaign, actor: Actor) -> int:
    """Make a link for every body that has none and needs one; return for how many."""
    waiting = rows(campaign, show="new")
    for row in waiting:
        _invite(row, actor)
    return len(waiting)


def _invite(row: Invited, actor: Actor) -> None:
    """Make a link for every officer who has none, or for the waiting account of the body."""
    fresh = [one for one in row.officers if one.state == "new"]
    if not fresh:
        officers.invite(row.body, actor)
    for one in fresh:
        officers.make_link(row.body, one.user, actor)


def invite(campaign: Campaign, body: Body, actor: Actor, *, renew: bool = False) -> None:
    """Invite one body; ``renew`` ends the links that are out and makes new ones."""
    row = rows(campaign, only=body.public_id)[0]
    if renew and row.waiting:
        for one in row.waiting:
            officers.make_link(body, one.user, actor)
    elif row.state in ("none", "over"):
        _invite(row, actor)


def deliver(
    campaign: Campaign, invited: Sequence[Invited], text: str, channel: Channel, actor: Actor
) -> list[Message]:
    """Note or send the invitation to every officer who can still use the link, by one channel."""
    written, done = texts(campaign, invited, text), []
    for row in invited:
        for one in row.waiting:
            to = one.recipient
            if telling.reached_by(channel, to.mobile, to.email):
                words = written[row.body.id][one.user.id]
                done.append(telling.deliver(KIND, row.body, to, words, channel, actor))
    if not done:
        raise Conflict(
            "nobody_reached",
            N_(
                "Nobody can be reached this way: invite the bodies first, and enter mobile "
                "or e-mail. A text can always be copied."
            ),
        )
    return done


def sheet(campaign: Campaign, text: str, actor: Actor) -> list[Message]:
    """Note the rows of a list for a bulk-SMS platform; it carries full mobiles."""
    done = deliver(campaign, rows(campaign, show="not_set_up"), text, Channel.SHEET, actor)
    audit.record(
        "export", "campaign", campaign.public_id, actor=actor, what=KIND, mobiles="full",
        rows=len(done),
    )  # fmt: skip
    return done
