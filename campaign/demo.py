"""Demo data of the month: forty bodies in every state, with officers who do not exist."""

import io
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import url_for
from PIL import Image, ImageDraw

from campaign import attachments, bodies, campaigns, filings, officers
from campaign.attachments import Said
from campaign.models import Body, BodyKind, Campaign, Filing, Item
from campaign.slip import Person
from campaign.tasks import counters
from core import accounts, audit, documents
from core.access import Actor, Role, Scope
from core.clock import ZONE, local, now
from core.config import settings
from core.db import db, transaction

#: The account whose link is printed; it files for the first body.
OFFICER = "12000000001"
FIRST, LAST = (Item.SLIP, Item.PLAN), (Item.SUMMARY, Item.EVIDENCE)
SURNAMES = "张李王刘陈杨黄赵周吴"
POSTS = ("科长", "副主任（主持工作）", "四级调研员", "质量安全监督站站长")
THEME = "【示例】示例主题：人人重视质量（虚构）"
RETURNED = "【示例】缺少任务分工表，请补充后重新报送。"
NOTE = "【示例】全市各区同步开展，材料见附件（虚构）。"


def fill() -> bool:
    """Play the month so far, unless something was filed already; say whether it did."""
    if db.session.scalar(sa.select(Filing.id).limit(1)) is not None:
        return False
    campaign = campaigns.current()
    campaign.theme = THEME
    campaign.host = "【示例】省住房城乡建设系统质量月活动办公室（虚构）"
    campaign.contact = "【示例】质量月办公室 赵示例 020-12345678（虚构）"
    today = local(now()).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=ZONE)
    campaigns.set_deadline(campaign, FIRST, today - timedelta(days=5), audit.SYSTEM)
    campaigns.set_deadline(campaign, LAST, today + timedelta(days=13), audit.SYSTEM)
    for number, body in enumerate(bodies.bodies(campaign), 1):
        _play(campaign, body, number, today)
    return True


def _play(campaign: Campaign, body: Body, number: int, today: datetime) -> None:
    """Bring one body to the state its number stands for: most are done, a few are not."""
    actor = Actor("account", _officer(body, number).id)
    filed = today - timedelta(days=6 + number % 9, hours=number % 7)
    if number in (38, 40):  # nobody has answered
        return
    if number == 36:
        campaigns.set_deadline(
            campaign, FIRST, today + timedelta(days=5), audit.SYSTEM,
            body=body, reason="【示例】机构调整，经同意延期（虚构）",
        )  # fmt: skip
    if number in (36, 37):
        filings.save_draft(body, Item.PLAN, {"note": NOTE}, actor)
        return
    late = number in (33, 34)
    at = today - timedelta(days=3, hours=9) if late else filed
    people = [_person(body, number, row) for row in range(1 + number % 2)]
    filings.file(body, Item.SLIP, {}, actor, at=at, persons=people)
    _attach(body, Item.PLAN, "【示例】活动方案.pdf", _page(f"{body.name}活动方案（虚构）"), actor)
    filings.file(body, Item.PLAN, {"note": NOTE}, actor, at=at)
    if number <= 26:
        for item in FIRST:
            filings.accept(body, item, audit.SYSTEM, version=1)
    if number in (27, 31):
        filings.give_back(body, Item.PLAN, RETURNED, audit.SYSTEM)
    if number == 31:
        filings.file(body, Item.PLAN, {"note": NOTE}, actor, at=now())
    _summary(body, number, actor)


def _summary(body: Body, number: int, actor: Actor) -> None:
    """File the summaries of the quick ones; every third figure is left out (未报)."""
    figures = {
        counter.code: None if (number + place) % 3 == 0 else (7 * number + 11 * place) % 90
        for place, counter in enumerate(counters())
    }
    document = {"figures": figures, "note": NOTE}
    if number in (2, 5, 8, 12, 22, 29):
        _attach(
            body, Item.SUMMARY, "【示例】总结材料.pdf", _page(f"{body.name}总结（虚构）"), actor
        )
        filings.file(body, Item.SUMMARY, document, actor, at=now() - timedelta(hours=number))
    elif number in (1, 9, 14):
        filings.save_draft(body, Item.SUMMARY, document, actor)
    if number in (1, 5):
        for shot in range(1, 9):
            said = Said(f"【示例】第 {shot} 个观摩点（虚构）", 1 + shot % 8)
            _attach(body, Item.EVIDENCE, f"观摩{shot}.png", _picture(shot), actor, said)
    if number == 5:
        filings.file(body, Item.EVIDENCE, {"note": NOTE}, actor, at=now())
        filings.accept(body, Item.SUMMARY, audit.SYSTEM, version=1)
    if number == 8:
        filings.give_back(body, Item.SUMMARY, "【示例】第五项数据请核对。", audit.SYSTEM)


def _attach(
    body: Body, item: Item, name: str, content: bytes, actor: Actor, said: Said | None = None
) -> None:
    taken = attachments.take(io.BytesIO(content), name, item, video_mb=1)
    attachments.add(body, item, [taken], actor, said)


def _page(text: str) -> bytes:
    return documents.render("probe", {"text": text})


def _picture(number: int) -> bytes:
    """Return a drawing that is plainly no photo: a building of coloured floors."""
    image = Image.new("RGB", (960, 720), (225 - 6 * number, 236, 244))
    draw = ImageDraw.Draw(image)
    for floor in range(3 + number % 5):
        top = 620 - 72 * floor
        draw.rectangle((200, top - 64, 760, top), fill=(90 + 12 * floor, 120 + 9 * number, 150))
        for window in range(7):
            left = 224 + 76 * window
            draw.rectangle((left, top - 50, left + 44, top - 16), fill=(250, 250, 240))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def _officer(body: Body, number: int) -> accounts.User:
    if number > 1:  # these have not been here yet: their first visit asks for the mobile
        return officers.add(body, audit.SYSTEM, name=_name(number))
    user = accounts.create(OFFICER, _name(number))
    accounts.grant(user, Role.LIAISON, Scope.BODY, body.id)
    body.sees_city = body.kind is BodyKind.HOUSING
    return user


def _name(number: int) -> str:
    return SURNAMES[number % len(SURNAMES)] + "示例"


def _person(body: Body, number: int, row: int) -> Person:
    """Return a row; the second person of a slip works elsewhere than the body that files."""
    place = body.name.partition("市")[0]
    return Person(
        name=_name(number + row),
        gender="female" if (number + row) % 2 else "male",
        employer=f"【示例】{place}市质量安全监督站（虚构）" if row else body.name,
        post=POSTS[(number + row) % len(POSTS)],
        landline="020-12345678、12345679" if row == 0 else "020-12345680转801",
        mobile=f"120{row:02d}0000{number:02d}",
    )


def start() -> list[str]:
    """Fill in the demo month on a development server's first start; return the links to print."""
    if settings().production:
        return []
    with transaction():
        fill()
    with transaction():
        user = db.session.scalar(sa.select(accounts.User).filter_by(login=OFFICER))
        if user is None:
            return []
        link = url_for("account.link", token=accounts.make_link(user))
        return [f"联络员    Liaison             {settings().public_url}{link}"]
