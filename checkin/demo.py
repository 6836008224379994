"""Demo data: fictitious people, dated relative to today; and a door for load clients."""

import itertools
import json
import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click
import sqlalchemy as sa
from flask import url_for
from flask.cli import AppGroup

from campaign.bodies import places
from checkin import code, devices, occasions, registrations, scans, tickets
from checkin.devices import Gate
from checkin.models import Device, Occasion, Registration
from checkin.models.attendance import Source
from checkin.models.occasion import Kind, Profile
from checkin.occasions import Details
from checkin.registrations import Person
from core import accounts, audit
from core.access import Role, Scope
from core.clock import local, now
from core.config import settings
from core.db import db, transaction

commands = AppGroup("demo", help="Demo data: fictitious people, never real ones.")
SURNAMES = "张李王刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = ("示例", "样本", "试用", "演示")
UNITS = ("建设集团有限公司", "工程监理有限公司", "质量监督站", "设计研究院", "检测中心")
#: Registrations in one transaction.
BATCH = 50
POSTS = ("项目经理", "总监理工程师", "科长", "副主任（主持工作）", "质量员", "")


def _details(kind: Kind, title: str, hours: float, long: float, capacity: int | None) -> Details:
    start = now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
    tour = kind is Kind.TOUR
    return Details(
        kind=kind,
        title=f"【示例】{title}（虚构）",
        starts_at=start,
        ends_at=start + timedelta(hours=long),
        sign_in_opens_at=start - timedelta(hours=2),
        sign_in_closes_at=start + timedelta(hours=long),
        registration_opens_at=now() - timedelta(days=20),
        registration_closes_at=start + timedelta(hours=long),
        host="【示例】省住房城乡建设系统质量月活动办公室（虚构）",
        contact_name="赵示例",
        contact_phone="020-12345678",
        venue="【示例】滨江安居工程三期项目（虚构）"
        if tour
        else "【示例】省建筑培训中心一号报告厅（虚构）",
        address="示例市示例区示例大道 100 号",
        map_url="https://map.example.cn/?q=demo",
        capacity=capacity,
        place_id=places()[0].id,
        wear="请穿平底鞋，现场发放安全帽和反光背心。" if tour else "",
        safety="进入施工现场请听从讲解员安排，不得进入未开放区域，不得触碰机具。" if tour else "",
        traffic="地铁示例站 B 出口步行 300 米；现场车位有限，建议公共交通。",
    )


def _people(count: int, seed: int) -> list[Person]:
    chance = random.Random(seed)  # noqa: S311 (demo data, nothing secret)
    towns, people = places(), []
    pairs = itertools.cycle(itertools.product(GIVEN, SURNAMES))
    for number, (given, surname) in zip(range(count), pairs, strict=False):
        town = chance.choice(towns)
        people.append(
            Person(
                name=f"{surname}{given}",
                employer=f"【示例】{town.name}{chance.choice(UNITS)}（虚构）",
                mobile=f"120{seed:02d}{number:06d}",
                post=chance.choice(POSTS),
                place_id=town.id,
            )
        )
    return people


def _occasion(details: Details, count: int, seed: int) -> tuple[Occasion, list[str]]:
    occasion = occasions.create(details, audit.SYSTEM)
    codes = _register(occasion, _people(count, seed))
    db.session.refresh(occasion)
    return occasion, codes


def _register(occasion: Occasion, people: list[Person]) -> list[str]:
    codes = []
    for person in people:
        occasions.take_place(occasion.id)
        registration = registrations.add(occasion, person, acknowledged_at=now())
        codes.append(tickets.code_of(registration, occasion))
    return codes


def _gate(occasion: Occasion, name: str, *, paired: bool, profile: Profile) -> Device:
    device = devices.add(occasion, name, profile, audit.SYSTEM)
    if paired:
        device.paired_at = now()
        db.session.flush()
    return device


def _enter(occasion: Occasion, device: Device, codes: list[str]) -> None:
    """Let part of the people in through the real rules of the door."""
    checkpoint = occasion.checkpoints[0]
    gate = Gate(
        device.id,
        device.public_id,
        occasion.id,
        occasion.title,
        checkpoint.id,
        checkpoint.public_id,
        device.name,
        device.profile,
    )
    for number, ticket in enumerate(codes):
        act = scans.Request(
            checkpoint=checkpoint.public_id, nonce=f"demo-{number:06d}", code=ticket
        )
        scans.record(act, gate)
    stranger = scans.WalkIn(name="钱补登", unit="【示例】某劳务公司（虚构）", reason="随行司机")
    scans.record(
        scans.Request(
            checkpoint=checkpoint.public_id,
            nonce="demo-walk-in",
            source=Source.WALK_IN,
            walk_in=stranger,
        ),
        gate,
    )


def fill() -> bool:
    """Add the demo data unless there are occasions already; say whether it did."""
    if db.session.scalar(sa.select(Occasion.id).limit(1)) is not None:
        return False
    accounts.grant(accounts.create("admin", "管理员（示例）"), Role.ADMIN)
    accounts.grant(accounts.create("office", "省质量月办公室（示例）"), Role.OFFICE)
    organiser = accounts.create("organiser", "观摩承办单位（示例）")
    _today(organiser)
    lecture = _details(Kind.LECTURE, "质量大讲堂：住宅工程质量多发问题防治", 27, 3, 300)
    _occasion(lecture, 41, 2)
    soon = _details(Kind.TOUR, "智能建造与装配式建筑观摩", 24 * 7 + 2, 3, 40)
    _occasion(soon, 40, 3)
    later = _details(Kind.CONSULTATION, "群众质量咨询日", 24 * 12, 6, None)
    _occasion(replace(later, registration_opens_at=now() + timedelta(days=3)), 0, 4)
    return True


def _today(organiser: accounts.User) -> None:
    """Add the session that is open now, with its gates and the people who have come."""
    today, codes = _occasion(
        _details(Kind.TOUR, "全省质量月现场观摩交流活动（主会场）", 1, 4, 120), 66, 1
    )
    accounts.grant(organiser, Role.ORGANISER, Scope.OCCASION, today.id)
    first = _gate(today, "1 号门", paired=True, profile=Profile.STAFF)
    _gate(today, "2 号门", paired=False, profile=Profile.STAFF)
    _gate(today, "总咨询台", paired=False, profile=Profile.SUPERVISOR)
    _enter(today, first, codes[:23])


def _refresh() -> None:
    """Add today's session again when the demo is some days old and nothing is open any more."""
    organiser = db.session.scalar(sa.select(accounts.User).filter_by(login="organiser"))
    demo = sa.select(Occasion.id).where(Occasion.title.startswith("【示例】")).limit(1)
    running = demo.where(Occasion.ends_at > now(), Occasion.sign_in_opens_at < now())
    if organiser and db.session.scalar(demo) and not db.session.scalar(running):
        _today(organiser)


def start() -> list[str]:
    """Fill in demo data on a development server's first start; return the links to print."""
    if settings().production:
        return []
    with transaction():
        if not fill():
            _refresh()
    with transaction():
        return _links()


def _links() -> list[str]:
    base = settings().public_url
    lines = [f"活动列表  Public list        {base}/"]
    roles = {
        "admin": "管理员    Administrator",
        "office": "办公室    Office",
        "organiser": "承办单位  Organiser",
    }
    for login, label in roles.items():
        user = db.session.scalar(sa.select(accounts.User).filter_by(login=login))
        if user is not None:
            link = url_for("account.link", token=accounts.make_link(user))
            lines.append(f"{label:<20} {base}{link}")
    occasion = db.session.scalar(
        sa.select(Occasion).where(Occasion.ends_at > now()).order_by(Occasion.starts_at).limit(1)
    )
    if occasion is None:
        return lines
    device = db.session.scalar(
        sa.select(Device).filter_by(occasion_id=occasion.id, paired_at=None).order_by(Device.id)
    )
    if device is not None:
        link = url_for("door.pair", token=devices.pair_token(device, occasion))
        pin = devices.pin(device, occasion)
        lines.append(f"志愿者    Volunteer ({device.name}) {base}{link}  PIN {pin}")
    holder = db.session.scalar(
        sa.select(Registration)
        .filter_by(occasion_id=occasion.id)
        .order_by(Registration.id.desc())
        .limit(1)
    )
    if holder is not None:
        link = url_for("attendee.ticket", token=tickets.holder_token(holder, occasion))
        lines.append(f"参会者    Attendee          {base}{link}")
    return lines


@commands.command("fill")
def fill_command() -> None:
    """Add the demo data to an empty database."""
    with transaction():
        done = fill()
    click.echo("demo data added" if done else "there are occasions already: nothing was added")


@commands.command("door")
@click.option("--tickets", "count", type=click.IntRange(1, 100000), default=40, show_default=True)
@click.option("--url", default="", help="Where the server answers; default: QM_PUBLIC_URL.")
@click.option("--json", "path", type=click.Path(dir_okay=False, path_type=Path), required=True)
def door_command(count: int, url: str, path: Path) -> None:
    """Make an occasion that is open now, with a paired gate, for any load client."""
    name = f"压力测试 {local(now()):%m-%d %H:%M:%S}"
    with transaction():
        occasion, _none = _occasion(_details(Kind.TOUR, name, 0, 12, None), 0, 9)
        device = _gate(occasion, "1 号门", paired=True, profile=Profile.STAFF)
        token = code.token(occasions.secret(occasion), "bearer", device.id, device.pair_no)
        checkpoint = occasion.checkpoints[0].public_id
        people = _people(count, 9)
    codes: list[str] = []
    for start_at in range(0, count, BATCH):  # the door of a running server waits for no long write
        with transaction():
            codes += _register(occasion, people[start_at : start_at + BATCH])
    document = {
        "url": url or settings().public_url,
        "token": token,
        "checkpoint": checkpoint,
        "codes": codes,
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    click.echo(f"{count} tickets written to {path}")
