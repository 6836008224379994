"""A round of the contest for tests: stages, two laboratories with accounts, and what they type.

``world = worlds.make()`` gives a round whose first stage is open and whose second one comes later;
``worlds.typed(world)`` are the fields of a faultless entry, as the form sends them::

    world = worlds.make()
    lab = browser(world.lab.user)
    lab.post(f"/lab/entry/{world.stage.public_id}", data=worlds.typed(world) | {"act": "check"})

Call :func:`make` after moving the clock, not before: the windows lie around the present.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from campaign import organisations
from core import accounts
from core.access import Actor, Role, Scope
from core.clock import local, now
from core.db import db
from scoring import codes, entries, intake, rounds, runs
from scoring.cement import catalogue
from scoring.cement.reduction import Options
from scoring.evaluation.plan import default_plan
from scoring.models import Entry, EntryVersion, Participation, Round, Sample, Stage
from scoring.models.entry import Source
from scoring.models.participation import Item
from scoring.phase import NoticedStage
from scoring.submission import Given
from tests import factories
from tests.scoring import rounds_played

#: The parameters of the open stage, unless a test asks for others.
FIRST = ("init", "final", "r45", "rf3", "rc3")
SECOND = ("rf28", "rc28")
#: The laboratory of the synthetic round whose readings are typed here; all of them are sound.
MODEL = "SN24-001"


@dataclass(frozen=True)
class Lab:
    """A laboratory of the round and the account that enters its values."""

    participation: Participation
    name: str
    user: accounts.User
    #: Its account as a service receives it.
    actor: Actor
    #: Sample number by pack.
    samples: dict[int, str]


@dataclass(frozen=True)
class World:
    """A round, its stages and its laboratories."""

    round: Round
    #: Open now.
    stage: Stage
    #: Opens in some weeks.
    later: Stage
    labs: tuple[Lab, ...]

    @property
    def lab(self) -> Lab:
        """Return the first laboratory."""
        return self.labs[0]

    @property
    def other(self) -> Lab:
        """Return another laboratory."""
        return self.labs[1]


def make(
    parameters: tuple[str, ...] = FIRST,
    *,
    code: str = "SN99",
    closes_in: timedelta = timedelta(days=3),
    laboratories: int = 2,
) -> World:
    """Return a round whose first stage has been open for five days; its codes are drawn."""
    opens = _midnight() - timedelta(days=5)
    closes = now() + closes_in
    windows = (
        NoticedStage("S1", opens, closes, parameters),
        NoticedStage("S2", closes + timedelta(days=10), closes + timedelta(days=20), SECOND),
    )
    chosen = [catalogue.parameter(c, local(opens).date()) for c in (*parameters, *SECOND)]
    with factories.writing():
        title = "【示例】水泥检测比对试验（虚构）"
        document = default_plan(chosen).document()
        round_ = rounds.create(code, title, windows, document, factories.ACTOR)
        labs = tuple(_lab(round_, number) for number in range(1, laboratories + 1))
        codes.draw(round_, [lab.participation for lab in labs])
    stage, later = round_.stages
    return World(round_, stage, later, labs)


def _midnight() -> datetime:
    return local(now()).replace(hour=0, minute=0, second=0, microsecond=0)


def _lab(round_: Round, number: int) -> Lab:
    name = f"【示例】{round_.code} 第{number:02}检测机构（虚构）"
    member = rounds.enrol(round_, organisations.ensure(name))
    samples = {pack: f"{round_.code}Y{10 * number + pack}" for pack in (1, 2)}
    for pack, item in ((1, Item.A), (2, Item.B)) if number % 2 else ((1, Item.B), (2, Item.A)):
        member.samples.append(
            Sample(round_id=round_.id, sample_no=samples[pack], pack=pack, item=item)
        )
    user = colleague(member, name)
    return Lab(member, name, user, actor(user), samples)


def colleague(member: Participation, name: str = "同事示例") -> accounts.User:
    """Return one more account of a laboratory."""
    user = factories.user()
    with factories.writing():
        user.name = name
        accounts.grant(user, Role.LAB, Scope.ROUND, member.round_id, party_id=member.id)
    return user


def judge(round_: Round) -> accounts.User:
    """Return an account that judges a round."""
    user = factories.user()
    with factories.writing():
        accounts.grant(user, Role.JUDGE, Scope.ROUND, round_.id)
    return user


def actor(user: accounts.User) -> Actor:
    """Return an account of a laboratory as a service receives it."""
    held = accounts.find_session(_session(user))
    assert held is not None
    return held[0]


def _session(user: accounts.User) -> str:
    with factories.writing():
        return accounts.open_session(user.id)


def typed(world: World, *, stage: Stage | None = None, **changes: str) -> dict[str, str]:
    """Return the fields of a faultless entry of a stage; dots in ``changes`` are written ``__``."""
    of = stage or world.stage
    cast = local(world.stage.opens_at).replace(hour=9, minute=48)
    days = max((catalogue.age(code) or 0 for code in of.parameters), default=0)
    fields = {
        "cast_at": f"{cast:%Y-%m-%dT%H:%M}",
        "broken_at": f"{cast + timedelta(days=days, minutes=12):%Y-%m-%dT%H:%M}",
        "room_temp_c": "20.7",
        "room_rh_pct": "67",
        "press_no": "YL-500",
        "press_calibrated_to": f"{cast + timedelta(days=200):%Y-%m-%d}",
        "tested_by": "钱示例",
        "checked_by": "杨示例",
        "approved_by": "吴示例",
        **{f"sample.{pack}.condition": "intact" for pack in (1, 2)},
        **readings(of.parameters),
    }
    return fields | {name.replace("__", "."): text for name, text in changes.items()}


def readings(parameters: Any, lab: str = MODEL) -> dict[str, str]:
    """Return what a laboratory of the synthetic round typed for some parameters."""
    return {
        f"{r['parameter']}.{pack}.{r['attempt']}.{r['quantity']}.{r['idx']}": r["value"]
        for pack, r in _readings_of(lab)
        if r["parameter"] in parameters
    }


@cache
def _readings_of(lab: str) -> list[tuple[str, dict[str, str]]]:
    packs = {row["sample_no"]: row["pack_label"] for row in rounds_played.rows("samples")}
    found = rounds_played.rows("readings")
    return [(packs[row["sample_no"]], row) for row in found if row["lab_code"] == lab]


def submit(
    world: World, lab: Lab, *, stage: Stage | None = None, at: datetime | None = None, **more: str
) -> EntryVersion:
    """Return a version a laboratory has submitted, through the services its pages use."""
    of, fields = stage or world.stage, typed(world, stage=stage, **more)
    with factories.writing():
        desk = entries.desk(lab.actor, of.public_id)
        entries.save(desk, fields, desk.rev, lab.actor)
        desk = entries.desk(lab.actor, of.public_id)
        return entries.submit(desk, fields, entries.read(desk, fields), at or now(), lab.actor)


def revision(world: World) -> int:
    """Return the number of the newest save of the first laboratory's open stage."""
    with factories.writing():
        return entries.desk(world.lab.actor, world.stage.public_id).rev


def past(code: str = "SN98", parameters: tuple[str, ...] = FIRST) -> Round:
    """Return a round that is locked and evaluated; its two laboratories report by import."""
    start = _midnight() - timedelta(days=30)
    chosen = [catalogue.parameter(c, local(start).date()) for c in parameters]
    window = NoticedStage("S1", start, start + timedelta(days=10), parameters)
    with factories.writing():
        document = default_plan(chosen).document()
        made = rounds.create(
            code, "【示例】往年比对试验（虚构）", [window], document, factories.ACTOR
        )
        labs = [_lab(made, number) for number in (1, 2)]
        codes.draw(made, [lab.participation for lab in labs])
        for lab in labs:
            _import(made.stages[0], lab, readings(parameters))
        runs.evaluate(made, factories.ACTOR)
    return made


def _import(stage: Stage, lab: Lab, fields: dict[str, str]) -> None:
    day = local(stage.opens_at).date()
    checked = intake.read(fields, stage.parameters, on=day, options=Options())
    entry = Entry(participation_id=lab.participation.id, stage_id=stage.id, versions=[])
    entry.fields, entry.rev = {}, 0
    db.session.add(entry)
    db.session.flush()
    arrival = entries.Arrival(Source.IMPORT, stage.opens_at + timedelta(days=1))
    entries.add_version(lab.participation, stage, entry, Given(fields, checked), arrival)
