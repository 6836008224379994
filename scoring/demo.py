"""Demo data of the contest: a fictitious round in evaluation, and one that is open today."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import url_for

from campaign import organisations
from core import accounts, audit
from core.access import Role, Scope
from core.clock import ZONE, local, now
from core.config import settings
from core.db import db, transaction
from scoring import codes, importing, rounds, runs
from scoring.cement import catalogue
from scoring.commands import account_of
from scoring.evaluation.plan import default_plan
from scoring.models import Participation, Round, Sample
from scoring.models.participation import Item
from scoring.phase import NoticedStage

#: A whole round of 120 laboratories that do not exist, with 54 planted faults.
FOLDER = Path(__file__).parent / "data" / "demo_round"
PAST, OPEN = "SN24", "DEMO"
JUDGE, LAB = "judge", "lab"
#: What the usual round asks for: physical tests and 3 d strength, then 28 d strength.
FIRST = ("water", "init", "final", "sound", "r45", "rf3", "rc3")
SECOND = ("rf28", "rc28")
LABORATORIES = ("广州", "深圳", "佛山", "东莞", "惠州", "中山")


def fill() -> bool:
    """Add both rounds unless there is one already; say whether it did."""
    if db.session.scalar(sa.select(Round.id).limit(1)) is not None:
        return False
    title = "【示例】2024 年水泥检测比对试验（虚构）"
    past = importing.import_round(importing.read_folder(FOLDER), PAST, title, audit.SYSTEM).round
    runs.evaluate(rounds.find(PAST), audit.SYSTEM)
    open_ = _open_round()
    judge = _user(JUDGE, "裁判员（示例）")
    for round_ in (past, open_):
        accounts.grant(judge, Role.JUDGE, Scope.ROUND, round_.id)
    return True


def _user(login: str, name: str) -> accounts.User:
    known = db.session.scalar(sa.select(accounts.User).filter_by(login=login))
    return known or accounts.create(login, name)


def _open_round() -> Round:
    """Add the round whose first stage is open today, with a few laboratories."""
    midnight = local(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight - timedelta(days=3)
    windows = [
        NoticedStage("S1", start, start + timedelta(days=10, hours=18), FIRST),
        NoticedStage(
            "S2", start + timedelta(days=28), start + timedelta(days=35, hours=18), SECOND
        ),
    ]
    day = start.astimezone(ZONE).date()
    plan = default_plan(catalogue.parameter(code, day) for code in FIRST + SECOND)
    title = f"【示例】{day.year} 年水泥检测比对试验（虚构）"
    round_ = rounds.create(OPEN, title, windows, plan.document(), audit.SYSTEM)
    members = [_laboratory(round_, number, city) for number, city in enumerate(LABORATORIES)]
    codes.draw(round_, members)
    return round_


def _laboratory(round_: Round, number: int, city: str) -> Participation:
    organisation = organisations.ensure(
        f"【示例】{city}建材检测中心（虚构）",
        qualification_no=f"（虚构）粤建检资字第{90001 + number}号",
        place=city,
    )
    member = rounds.enrol(
        round_, organisation, contact_name="李示例", contact_mobile=f"1209900{number:04d}"
    )
    for pack in (1, 2):
        item = Item.A if (pack + number) % 2 else Item.B
        number_ = f"D{2 * number + pack + 6200}"
        member.samples.append(Sample(round_id=round_.id, sample_no=number_, pack=pack, item=item))
    db.session.flush()
    if number == 0:
        user = account_of(member, organisation)
        user.login, user.name = LAB, organisation.name
    return member


def start() -> list[str]:
    """Fill in the demo rounds on a development server's first start; return the links to print."""
    if settings().production:
        return []
    with transaction():
        fill()
    with transaction():
        return _links()


def _links() -> list[str]:
    lines = []
    for login, label in ((LAB, "检测机构  Laboratory"), (JUDGE, "裁判员    Judge")):
        user = db.session.scalar(sa.select(accounts.User).filter_by(login=login))
        if user is not None:
            link = url_for("account.link", token=accounts.make_link(user))
            lines.append(f"{label:<20} {settings().public_url}{link}")
    return lines
