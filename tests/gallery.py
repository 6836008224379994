"""Takes pictures of the product, filled with its demonstration data.

``python -m tests.gallery`` takes the two of the README; with ``--all DIR`` every page on a phone
and on a desk goes into DIR, to be looked at. :class:`Scene` is also what the tests of the layout
walk through.
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from campaign import campaigns
from campaign import demo as month
from checkin import demo, devices, scans, sheet, tickets
from checkin.models import Device, Occasion, Registration
from checkin.models.occasion import Profile
from checkin.views import scanning
from core import accounts
from core.access import Role
from core.accounts import User
from core.config import ROOT
from core.db import db
from core.documents import Document
from core.i18n import COOKIE
from scoring import demo as contest
from scoring import rounds
from tests import databases, factories
from tests.browser.conftest import DESK, FLAGS, PHONE, chromium
from tests.camera import flags, y4m
from tests.campaign import scenes as months
from tests.scoring import scenes, worlds
from tests.servers import Server, free_port

IMAGES = ROOT / "docs" / "img"
SIZES = {"phone": PHONE, "desk": DESK}
ANYONE, DOOR, OFFICE, BODY = "anyone", "door", "office", "body"
LAB, JUDGE = "lab", "judge"
#: In the order of their visits; all but the first two sign in.
VISITORS = (ANYONE, DOOR, OFFICE, BODY, LAB, JUDGE)


@dataclass(frozen=True)
class Scene:
    """The demonstration data with one more gate, whose phone is in our hand."""

    url: str
    cookies: dict[str, str]
    #: Who opens a page, and its path, by a name for the picture.
    pages: dict[str, tuple[str, str]]
    #: What the QR code of somebody still to come says, and the path of the ticket.
    shown: str
    ticket: str
    #: Paths that each sign a visitor in once; a newer link of the same account voids it.
    links: dict[str, list[str]]

    def enter(self, context: BrowserContext, who: str, language: str = "zh") -> Page:
        """Return a page of the visitor ``who``, signed in if need be."""
        self._cookie(context, COOKIE, language)
        if who == DOOR:
            for name, value in self.cookies.items():
                self._cookie(context, name, value)
        return context.new_page()

    def _cookie(self, context: BrowserContext, name: str, value: str) -> None:
        context.add_cookies([{"name": name, "value": value, "url": self.url}])


def compose(app: Flask, url: str) -> Scene:
    """Fill the database of ``app`` and return the pages to look at."""
    with factories.writing():
        demo.fill()
        contest.fill()
        month.fill()
    tour, *others = db.session.scalars(sa.select(Occasion).order_by(Occasion.id))
    people = list(
        db.session.scalars(
            sa.select(Registration).filter_by(occasion_id=tour.id).order_by(Registration.id)
        )
    )
    came, coming, other, unsure = people[3], people[40], people[50], people[51]
    hand = factories.device(tour, name="3 号门")
    waiting = db.session.scalars(
        sa.select(Device).filter_by(occasion_id=tour.id, profile=Profile.SUPERVISOR)
    ).one()
    anyone = _public(tour, others) | {
        **_tickets(tour, came, coming, unsure),
        "pair": f"/door/pair/{devices.pair_token(waiting, tour)}",
    }
    door = _at_the_door(tour, came, coming) | {
        "verdict": f"/door/verdict/{_scan(hand, tour, other)}",
        "verdict-again": f"/door/verdict/{_scan(hand, tour, came)}",
        "verdict-refused": f"/door/verdict/{_scan(hand, tour, None)}",
    }
    inside = _inside(tour, others, waiting, came) | months.office()
    groups = (
        *((ANYONE, anyone), (DOOR, door), (OFFICE, inside)),
        (BODY, months.body()),
        *((LAB, scenes.laboratory()), (JUDGE, scenes.JUDGED)),
    )
    return Scene(
        url=url,
        cookies={scanning.cookie_name(): devices.cookie(hand, tour)},
        pages={name: (who, path) for who, group in groups for name, path in group.items()},
        shown=tickets.link_of(coming, tour),
        ticket=anyone["ticket"],
        links={who: [_link(user()) for _visit in range(2)] for who, user in _SIGNED_IN.items()},
    )


def _public(tour: Occasion, others: list[Occasion]) -> dict[str, str]:
    lecture, full, later = others
    return {
        "home": "/",
        "occasion": f"/o/{tour.public_id}",
        "occasion-full": f"/o/{full.public_id}",
        "occasion-later": f"/o/{later.public_id}",
        "register": f"/o/{lecture.public_id}/register",
        "sign-in": "/sign-in",
        "not-found": "/nowhere",
        "verify": f"/v/{_document(tour).token}",
    }


def _tickets(
    tour: Occasion, came: Registration, coming: Registration, unsure: Registration
) -> dict[str, str]:
    return {
        "ticket": f"/my/{tickets.holder_token(coming, tour)}",
        "ticket-used": f"/my/{tickets.holder_token(came, tour)}",
        "masked": f"/T/{tickets.code_of(came, tour)}",
        "withdraw": f"/my/{tickets.holder_token(unsure, tour)}/withdraw",
    }


def _inside(
    tour: Occasion, others: list[Occasion], waiting: Device, came: Registration
) -> dict[str, str]:
    office = f"/office/occasions/{tour.public_id}"
    return {
        "office": "/office/",
        "office-new": "/office/occasions/new",
        "office-occasion": office,
        "office-nobody": f"{office}?q=nobody",
        "office-empty": f"/office/occasions/{others[-1].public_id}",
        "office-edit": f"{office}/edit",
        "office-gates": f"{office}/gates",
        "office-gate": f"{office}/gates/{waiting.public_id}",
        "office-organisers": f"{office}/organisers",
        "office-person": f"{office}/people/{came.public_id}",
        "office-people": "/people/",
        "password": "/account/password",
    }


def _at_the_door(tour: Occasion, came: Registration, coming: Registration) -> dict[str, str]:
    return {
        "scanner": "/door/",
        "search": "/door/search",
        "search-found": f"/door/search?q={came.name[:2]}",
        "search-nobody": "/door/search?q=nobody",
        "walk-in": "/door/walk-in",
        "check-in": f"/T/{tickets.code_of(coming, tour)}",
    }


#: Who signs in, and how an account of the kind is made.
_SIGNED_IN = {
    OFFICE: lambda: factories.user(Role.ADMIN),
    BODY: months.officer,
    LAB: scenes.colleague,
    JUDGE: lambda: worlds.judge(rounds.find(contest.PAST)),
}


def _link(user: User) -> str:
    with factories.writing():
        return f"/sign-in/{accounts.make_link(user)}"


def _document(occasion: Occasion) -> Document:
    with factories.writing():
        sheet.export(occasion, "pdf", factories.ACTOR, full_mobiles=False)
    return db.session.scalars(sa.select(Document)).one()


def _scan(device: Device, occasion: Occasion, person: Registration | None) -> str:
    gate = factories.gate(device, occasion)
    code = tickets.code_of(person, occasion) if person else "0" * 26
    with factories.writing():
        act = scans.Request(checkpoint=gate.checkpoint, nonce=factories.nonce(), code=code)
        return scans.record(act, gate).scan


def sign_in(page: Page, scene: Scene, who: str) -> None:
    """Sign the page in by a one-time link."""
    page.goto(scene.url + scene.links[who].pop())
    page.locator("main form [type=submit]").click()
    page.wait_for_url(f"**/{who}/**")


def take_all(scene: Scene, chrome: Browser, target: Path, language: str) -> None:
    """Take every page on a phone and on a desk."""
    states: dict[str, Any] = {}
    for size, options in SIZES.items():
        for who in VISITORS:
            context = chrome.new_context(
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                storage_state=states.get(who),
                **options,
            )
            page = scene.enter(context, who, language)
            if who in scene.links and who not in states:
                sign_in(page, scene, who)
                states[who] = context.storage_state()
            for name, (visitor, path) in scene.pages.items():
                if visitor == who:
                    page.goto(scene.url + path)
                    page.screenshot(path=target / f"{name}-{size}.png", full_page=True)
            context.close()


def take_readme(scene: Scene, chrome: Browser, filmed: Browser) -> None:
    """Take a ticket, and the verdict of a real camera that sees it."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    whole = {"viewport": {"width": 390, "height": 900}}  # the ticket's card to its lower edge
    options = PHONE | whole | {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
    ticket = scene.enter(chrome.new_context(**options), ANYONE)
    ticket.goto(scene.url + scene.ticket)
    ticket.screenshot(path=IMAGES / "ticket.png")
    door = scene.enter(filmed.new_context(**options, permissions=["camera"]), DOOR)
    door.goto(scene.url + "/door/")
    expect(door.locator("[data-part=verdict]")).to_have_attribute(
        "data-tone", "admitted", timeout=20_000
    )
    door.screenshot(path=IMAGES / "door.png")


def main() -> None:
    """Start the product on demonstration data and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="DIR", help="take every page into DIR")
    parser.add_argument("--language", choices=["zh", "en"], default="zh")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home, url = Path(name), f"http://localhost:{free_port()}"
        database = f"sqlite:///{home / 'gallery.db'}"
        app = databases.build(database, home, url)
        with app.app_context(), app.test_request_context():
            flask_migrate.upgrade(directory=str(databases.MIGRATIONS))
            with factories.writing():
                campaigns.setup()
            scene = compose(app, url)
        databases.dispose(app)
        server = Server(url, database, home)
        server.start()
        try:
            _photograph(scene, home, wish.all, wish.language)
        finally:
            server.stop()


def _photograph(scene: Scene, home: Path, target: Path | None, language: str) -> None:
    video = y4m([scene.shown], home / "camera.y4m")
    with sync_playwright() as driver:
        launch = driver.chromium.launch
        chrome = launch(executable_path=chromium(), args=FLAGS)
        if target:
            target.mkdir(parents=True, exist_ok=True)
            take_all(scene, chrome, target, language)
        else:
            filmed = launch(executable_path=chromium(), args=[*FLAGS, *flags(video)])
            take_readme(scene, chrome, filmed)
            filmed.close()
        chrome.close()


if __name__ == "__main__":
    sys.exit(main())
