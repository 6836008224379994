"""PURE: the province's board: which rows stand where, and what its numbers count.

A number of the board and the filter behind it are one predicate, so the link from a number always
opens as many rows as the number says. Cities stand in official order, and 横琴 by itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaign.progress import Lateness, Progress, State

#: What a body files, in the order of the notice.
ITEMS = ("slip", "plan", "summary", "evidence")
#: Regions in the order of the notice's summaries; 横琴 is none of them.
REGIONS = {"delta": "珠三角", "east": "粤东", "west": "粤西", "north": "粤北", "zone": ""}
GROUPS = ("none", "city", "region")
SORTS = ("order", "changed")

_SHOWN: dict[str, Callable[[Progress], bool]] = {
    # 已报 of the header: filed and not returned, whether or not the office has accepted it.
    "reported": lambda p: p.state in (State.FILED, State.ACCEPTED),
    # Waits for the office.
    "filed": lambda p: p.state is State.FILED,
    "accepted": lambda p: p.state is State.ACCEPTED,
    "returned": lambda p: p.state is State.RETURNED,
    # Never filed, a draft or not.
    "missing": lambda p: p.state in (State.NONE, State.DRAFT),
    "draft": lambda p: p.state is State.DRAFT,
    "overdue": lambda p: p.lateness is Lateness.OVERDUE,
    "filed_late": lambda p: p.lateness is Lateness.FILED_LATE,
}
#: What can be counted and filtered by.
SHOWN = tuple(_SHOWN)


@dataclass(frozen=True)
class Line:
    """A reporting body on the board."""

    #: Public id.
    body_id: str
    #: Its number in the notice.
    number: int
    name: str
    kind: str
    place: str
    #: Number of the place in official order.
    place_no: int
    #: A key of :data:`REGIONS`.
    region: str
    items: Mapping[str, Progress]

    @property
    def changed_at(self) -> datetime | None:
        """Return when anything was last filed, decided or saved; None before."""
        return max((p.at for p in self.items.values() if p.at), default=None)


@dataclass(frozen=True)
class Wish:
    """What the reader wants to see; empty means everything."""

    #: One of :data:`ITEMS`; with a state it says of which item.
    item: str = ""
    #: One of :data:`SHOWN`.
    state: str = ""
    kind: str = ""
    region: str = ""
    #: Number of a place in official order; 0 for all.
    place: int = 0
    text: str = ""
    group: str = "none"
    #: ``changed`` puts what changed last first.
    sort: str = "order"

    @property
    def narrow(self) -> bool:
        """Say whether rows are left out."""
        return any((self.state, self.kind, self.region, self.place, self.text))


@dataclass(frozen=True)
class Group:
    """Rows under one heading: a place's number, a region's key, or empty for all."""

    key: str
    lines: Sequence[Line]


def region(name: str) -> str:
    """Return the key of a region by its name in the list of places."""
    return next((key for key, said in REGIONS.items() if said == name), "zone")


def wish(values: Mapping[str, str], kinds: Sequence[str]) -> Wish:
    """Return what an address or a form asks for; what it does not know, it leaves out."""

    def one_of(name: str, allowed: Sequence[str], default: str = "") -> str:
        value = values.get(name, "")
        return value if value in allowed else default

    place = values.get("place", "")
    return Wish(
        item=one_of("item", ITEMS),
        state=one_of("state", SHOWN),
        kind=one_of("kind", kinds),
        region=one_of("region", tuple(REGIONS)),
        place=int(place) if place.isascii() and place.isdigit() and len(place) < 5 else 0,
        text=values.get("q", "").strip()[:50],
        group=one_of("group", GROUPS, "none"),
        sort=one_of("sort", SORTS, "order"),
    )


def address(asked: Wish, **changes: str | int) -> dict[str, str | int]:
    """Return the query that asks for ``asked`` with ``changes``, without what is usual."""
    plain: dict[str, str | int] = {
        "item": asked.item,
        "state": asked.state,
        "kind": asked.kind,
        "region": asked.region,
        "place": asked.place,
        "q": asked.text,
        "group": asked.group,
        "sort": asked.sort,
    }
    usual = {"group": "none", "sort": "order"}
    whole = plain | changes
    return {name: value for name, value in whole.items() if value and usual.get(name) != value}


def scope(lines: Sequence[Line], asked: Wish) -> list[Line]:
    """Return the bodies a board speaks of, whatever their state; its totals count these."""
    text = asked.text.casefold()
    return [
        line
        for line in lines
        if asked.kind in ("", line.kind)
        and asked.region in ("", line.region)
        and asked.place in (0, line.place_no)
        and text in f"{line.name} {line.place}".casefold()
    ]


def chosen(lines: Sequence[Line], asked: Wish) -> list[Line]:
    """Return the rows ``asked`` for, in their order."""
    items = (asked.item,) if asked.item else ITEMS
    found = scope(lines, asked)
    if asked.state:
        shows = _SHOWN[asked.state]
        found = [line for line in found if any(shows(line.items[item]) for item in items)]
    found.sort(key=lambda line: line.number)
    if asked.sort == "changed":
        found.sort(key=_changed, reverse=True)
    return found


def _changed(line: Line) -> float:
    return line.changed_at.timestamp() if line.changed_at else 0.0


def groups(lines: Sequence[Line], by: str) -> list[Group]:
    """Return the rows in groups: cities in official order, or regions, 横琴 last in both."""
    if by == "none":
        return [Group("", lines)]
    if by == "city":
        numbers = sorted({line.place_no for line in lines})
        return [Group(str(no), [x for x in lines if x.place_no == no]) for no in numbers]
    found = [Group(key, [line for line in lines if line.region == key]) for key in REGIONS]
    return [group for group in found if group.lines]


def totals(lines: Sequence[Line]) -> dict[str, dict[str, int]]:
    """Return, by item, how many rows each filter of :data:`SHOWN` would leave."""
    return {
        item: {
            name: sum(1 for line in lines if shows(line.items[item]))
            for name, shows in _SHOWN.items()
        }
        for item in ITEMS
    }
