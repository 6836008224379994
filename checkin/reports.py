"""Who came: the attendance list, its counts, arrivals over time, and the exports."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from campaign.models import Place
from checkin.admission import State
from checkin.models import Attendance, Checkpoint, Occasion, Registration
from core import charts, sheets
from core.clock import local
from core.db import db
from core.i18n import is_chinese
from core.personal import mask_mobile, name_key

if TYPE_CHECKING:
    import pandas as pd

#: Least width of one column of the arrivals chart.
SLOT = timedelta(minutes=10)
#: More columns than this cannot be read on a phone.
SLOTS = 36
SHOW = ("all", "present", "absent", "walk_in", "cancelled")
SORT = ("city", "name", "employer", "first_in")


@dataclass(frozen=True)
class Row:
    """One line of the attendance list."""

    public_id: str
    name: str
    employer: str
    post: str
    city: str
    mobile: str
    state: str
    walk_in: bool
    blocked: bool
    first_in: datetime | None
    gate: str


@dataclass(frozen=True)
class Counts:
    """The numbers of one occasion; 人次 and 人数 are two different ones."""

    expected: int
    present: int
    walk_ins: int
    absent: int
    attendances: int
    people: int


def rows(
    occasion: Occasion, *, show: str = "all", text: str = "", sort: str = "city", down: bool = False
) -> list[Row]:
    """Return the list, filtered, searched and sorted; cities stand in official order."""
    query = (
        sa.select(Registration, Attendance, Place.name if is_chinese() else Place.name_en)
        .outerjoin(Attendance, Attendance.registration_id == Registration.id)
        .outerjoin(Place, Place.id == Registration.place_id)
        .where(Registration.occasion_id == occasion.id, _shown(show))
    )
    if key := name_key(text):
        query = query.where(
            sa.or_(
                Registration.name_key.contains(key, autoescape=True),
                Registration.initials.startswith(key, autoescape=True),
                Registration.employer_key.contains(key, autoescape=True),
                Registration.mobile.endswith(key, autoescape=True),
            )
        )
    return [_row(*found) for found in db.session.execute(query.order_by(*_order(sort, down=down)))]


def _row(person: Registration, came: Attendance | None, city: str | None) -> Row:
    return Row(
        public_id=person.public_id,
        name=person.name,
        employer=person.employer,
        post=person.post,
        city=city or "",
        mobile=person.mobile or "",
        state=person.state.value,
        walk_in=person.walk_in,
        blocked=person.blocked,
        first_in=came.first_in if came else None,
        gate=came.gate if came else "",
    )


def _shown(show: str) -> sa.ColumnElement[bool]:
    accepted = Registration.state == State.ACCEPTED
    came = Attendance.registration_id.is_not(None)
    return {
        "present": came,
        "absent": sa.and_(accepted, sa.not_(came)),
        "walk_in": sa.and_(accepted, Registration.walk_in),
        "cancelled": Registration.state.in_([State.CANCELLED, State.REPLACED]),
    }.get(show, accepted)


def _order(sort: str, *, down: bool) -> list[Any]:
    columns = {
        "city": sa.func.coalesce(Place.position, 999),
        "name": Registration.initials,
        "employer": Registration.employer,
        "first_in": Attendance.first_in,
    }
    first = columns.get(sort, columns["city"])
    # Who has not come stands last either way; both databases agree on it only when told.
    empty_last = [Attendance.first_in.is_(None)] if sort == "first_in" else []
    return [
        *empty_last,
        first.desc() if down else first.asc(),
        Registration.employer,
        Registration.id,
    ]


def counts(occasion: Occasion) -> Counts:
    """Return the numbers from the projection."""
    came = Attendance.registration_id.is_not(None)
    accepted = Registration.state == State.ACCEPTED
    listed = sa.and_(accepted, sa.not_(Registration.walk_in))

    def number(condition: sa.ColumnElement[bool]) -> sa.Function[int]:
        return sa.func.count(sa.case((condition, Registration.id)).distinct())

    row = db.session.execute(
        sa.select(
            number(listed),
            number(sa.and_(listed, came)),
            number(sa.and_(Registration.walk_in, came)),
            number(sa.and_(listed, sa.not_(came))),
            sa.func.count(Attendance.registration_id),
        )
        .select_from(Registration)
        .outerjoin(Attendance, Attendance.registration_id == Registration.id)
        .where(Registration.occasion_id == occasion.id)
    ).one()
    people = db.session.scalar(
        sa.select(
            sa.func.count(
                sa.func.distinct(
                    Registration.name_key
                    + "/"
                    + sa.func.coalesce(Registration.mobile, Registration.employer_key)
                )
            )
        )
        .join(Attendance, Attendance.registration_id == Registration.id)
        .where(Registration.occasion_id == occasion.id)
    )
    return Counts(*row, people=people or 0)


def arrivals(occasion: Occasion) -> list[tuple[str, int]]:
    """Return how many people came in every ten minutes, wider apart when they came all day."""
    times = sorted(
        local(at)
        for at in db.session.scalars(
            sa.select(Attendance.first_in)
            .join(Checkpoint, Checkpoint.id == Attendance.checkpoint_id)
            .where(Checkpoint.occasion_id == occasion.id)
        )
    )
    if not times:
        return []
    first = times[0].replace(minute=times[0].minute // 10 * 10, second=0, microsecond=0)
    width = SLOT * (1 + (times[-1] - first) // (SLOT * SLOTS))
    came = Counter((at - first) // width for at in times)
    return [(f"{first + number * width:%H:%M}", came[number]) for number in range(max(came) + 1)]


def chart(came: list[tuple[str, int]]) -> charts.Svg:
    """Draw the arrivals."""
    return charts.columns(
        [label for label, _count in came],
        [count for _label, count in came],
        title=_("Arrivals"),
        description=_("People checked in, by time of day"),
        unit=_("people"),
    )


def columns() -> list[sheets.Column]:
    """Return the columns of the exported list."""
    return [
        sheets.Column("number", _("No."), "int", 6),
        sheets.Column("city", _("City"), "text", 8),
        sheets.Column("name", _("Name"), "text", 12),
        sheets.Column("employer", _("Employer"), "text", 32),
        sheets.Column("post", _("Post"), "text", 16),
        sheets.Column("mobile", _("Mobile"), "text", 14),
        sheets.Column("mark", _("Mark"), "text", 10),
        sheets.Column("first_in", _("Checked in at"), "datetime", 18),
        sheets.Column("gate", _("Gate"), "text", 12),
    ]


def marks(row: Row) -> str:
    """Return the words a reader of the list must see: walk-in, blocked."""
    words = [(_("walk-in"), row.walk_in), (_("blocked"), row.blocked)]
    return "、".join(word for word, holds in words if holds)


def frame(listed: list[Row], *, full_mobiles: bool) -> "pd.DataFrame":
    """Return the list as a table; mobiles are masked unless the full ones were asked for."""
    import pandas as pd

    lines = [
        asdict(row)
        | {
            "number": number,
            "mark": marks(row),
            "mobile": row.mobile if full_mobiles else mask_mobile(row.mobile),
        }
        for number, row in enumerate(listed, 1)
    ]
    return pd.DataFrame(lines, columns=[column.key for column in columns()])
