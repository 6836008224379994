"""Reminders (催办): who has not filed an item, who was told so, when and by which way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign import filings, holidays, officers, telling, wording
from campaign.bodies import bodies as bodies_of
from campaign.models import Body, Campaign, Item
from campaign.officers import Officer
from campaign.progress import Progress, State
from campaign.telling import Sent
from core import audit
from core.access import Actor
from core.clock import local, now
from core.errors import N_, Conflict
from core.notify import Channel, Message, Recipient

#: Whoever was reminded within this time is not reminded again unasked.
PAUSE = timedelta(hours=1)
_INSTANT = timedelta(seconds=1)


@dataclass(frozen=True)
class Waiting:
    """A body the province still waits for, as to one item."""

    body: Body
    progress: Progress
    officers: list[Officer]
    #: Calendar days until the last day, or since it.
    days: int
    working_days: int
    #: Reminders of this item, the newest first.
    sent: list[Sent]

    @property
    def over(self) -> bool:
        """Say whether the deadline is over."""
        return self.progress.due_at <= now()

    @property
    def last(self) -> Sent | None:
        """Return the newest reminder."""
        return self.sent[0] if self.sent else None

    @property
    def just_reminded(self) -> bool:
        """Say whether somebody was reminded a moment ago."""
        return bool(self.sent) and self.sent[0].at > now() - PAUSE

    @property
    def recipients(self) -> list[Recipient]:
        """Return whom a reminder is for: the officers, or the body itself while it has none."""
        open_ = [one.recipient for one in self.officers if one.state != "closed"]
        return open_ or [Recipient(None, self.body.name)]

    def reached(self, channel: Channel) -> list[Recipient]:
        """Return the recipients a channel reaches."""
        return [to for to in self.recipients if telling.reached_by(channel, to.mobile, to.email)]


@dataclass(frozen=True)
class Letter:
    """One reminder that is ready to go."""

    waiting: Waiting
    to: Recipient
    #: ``{link}`` stands where the recipient's own sign-in link goes.
    text: str

    @property
    def shown(self) -> str:
        """Return the text as it is copied from the page."""
        return telling.shown(self.text, self.to)


def kind(item: Item) -> str:
    """Return the kind of the messages that remind of ``item``."""
    return f"reminder.{item.value}"


def waiting(campaign: Campaign, item: Item) -> list[Waiting]:
    """Return the bodies whose ``item`` is outstanding, in the order of the notice."""
    listed = bodies_of(campaign)
    people, messages = officers.of_bodies(listed), telling.sent(kind(item), listed)
    calendar, today = holidays.calendar(), local(now()).date()
    found = []
    for standing in filings.standings(campaign, listed):
        at = standing.items[item]
        if not at.outstanding:
            continue
        last_day = local(at.due_at - _INSTANT).date()
        body = standing.body
        found.append(
            Waiting(
                body,
                at,
                people[body.id],
                abs((last_day - today).days),
                calendar.between(today, last_day),
                [message for message in messages if message.body_id == body.id],
            )
        )
    return found


def counts(campaign: Campaign) -> dict[Item, int]:
    """Return how many bodies are outstanding for each item."""
    standings = filings.standings(campaign, bodies_of(campaign))
    return {item: sum(one.items[item].outstanding for one in standings) for item in Item}


def chosen(found: Sequence[Waiting], ids: Iterable[str]) -> list[Waiting]:
    """Return the rows of these bodies; who has filed meanwhile is not reminded any more."""
    wanted = set(ids)
    rows = [row for row in found if row.body.public_id in wanted]
    if not rows:
        raise Conflict(
            "nobody_chosen",
            N_("Tick at least one body that has not filed. Whoever filed meanwhile is gone."),
        )
    return rows


def give_links(rows: Sequence[Waiting], actor: Actor) -> bool:
    """Make a link for every officer who has neither link nor password; say whether there was any.

    Who did not come in time is the first to be reminded, and a dead link would be no help.
    """
    without = [(row.body, one.user) for row in rows for one in row.officers if one.state == "new"]
    for body, user in without:
        officers.make_link(body, user, actor)
    return bool(without)


def template(campaign: Campaign) -> str:
    """Return the usual text, to be edited."""
    return wording.reminder(contact=campaign.contact)


def letters(
    campaign: Campaign, item: Item, rows: Sequence[Waiting], text: str, channel: Channel
) -> list[Letter]:
    """Return what goes to whom by ``channel``."""
    return [
        Letter(row, to, _written(campaign, item, row, text, to))
        for row in rows
        for to in row.reached(channel)
    ]


def _written(campaign: Campaign, item: Item, row: Waiting, text: str, to: Recipient) -> str:
    name = next((one.name for one in row.officers if one.user.id == to.user_id), "")
    values = {
        "body": row.body.name,
        "name": name,
        "item": wording.ITEMS[item.value],
        "state": wording.state_words(row.progress.state.value, item.value),
        "left": wording.left_words(row.days, row.working_days, over=row.over),
        "theme": campaign.theme,
        "year": str(campaign.year),
        "deadline": wording.due_words(row.progress.due_at),
    }
    return telling.with_address(wording.fill(text, values), to)


def group_text(campaign: Campaign, item: Item, rows: Sequence[Waiting]) -> str:
    """Return one text that names everybody who is missing; of many deadlines the first."""
    due: datetime = min(row.progress.due_at for row in rows)
    names = [row.body.name + _mark(row.progress) for row in rows]
    return wording.group(item.value, campaign.year, due, now(), names)


def _mark(progress: Progress) -> str:
    return "（已退回，待修改）" if progress.state is State.RETURNED else ""


def remind(
    campaign: Campaign, item: Item, ready: Sequence[Letter], channel: Channel, actor: Actor
) -> list[Message]:
    """Note or send reminders, each on record with who, when and by which way."""
    if not ready:
        raise Conflict(
            "nobody_reached",
            N_("Nobody chosen can be reached this way. Choose another way: a text can be copied."),
        )
    done = [
        telling.deliver(kind(item), one.waiting.body, one.to, one.text, channel, actor)
        for one in ready
    ]
    audit.record(
        "remind", "campaign", campaign.public_id, actor=actor, item=item, channel=channel,
        messages=len(done),
    )  # fmt: skip
    return done


def note_export(
    campaign: Campaign, item: Item, actor: Actor, *, full_mobiles: bool, rows: int
) -> None:
    """Put on record that the list of who has not filed was taken."""
    audit.record(
        "export", "campaign", campaign.public_id, actor=actor, what=f"outstanding.{item.value}",
        mobiles="full" if full_mobiles else "masked", rows=rows,
    )  # fmt: skip
