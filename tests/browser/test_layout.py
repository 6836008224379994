"""Every page on a phone and on a desk: nothing cut, nothing too small to touch, two languages."""

import re
import shutil
from dataclasses import replace

import pytest
import sqlalchemy as sa

from campaign import demo as month_demo
from campaign import models as month
from checkin.models import Device, Occasion, Registration
from core import accounts
from core.db import db
from core.documents import Document
from core.notify import Message
from scoring.models import Round, Sample
from tests import databases, gallery

#: Width, height, size of the text: a phone, a desk, the desk at 200 %, a narrow view, large text.
SIZES = [(390, 844, ""), (1440, 900, ""), (720, 450, ""), (320, 640, ""), (390, 844, "130%")]
WRONG = """([who]) => {
  const wrong = [], seen = (e) => e.checkVisibility() && e.getBoundingClientRect().width > 1;
  const name = (e) => `${e.tagName}.${e.className} ${(e.innerText ?? "").slice(0, 30)}`;
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) wrong.push(`${page.scrollWidth} px wide`);
  if (document.querySelectorAll("h1").length !== 1 && !document.querySelector("[data-part=word]"))
    wrong.push("not one h1");
  for (const e of document.body.querySelectorAll("*")) {
    if (!seen(e) || e.closest(".sheet, .chart, svg, .visually-hidden, .skip, select")) continue;
    const right = e.getBoundingClientRect().right;
    if (right > innerWidth + 1) wrong.push(`beyond the edge: ${name(e)}`);
    const hides = getComputedStyle(e).overflowX !== "visible" && e.tagName !== "INPUT";
    if (hides && e.scrollWidth > e.clientWidth + 1) wrong.push(`cut: ${name(e)}`);
  }
  for (const e of document.querySelectorAll("a[href], button, input, select, textarea")) {
    const dense = who === "office" || who === "judge";
    if (dense || !seen(e) || e.type === "hidden" || e.closest(".skip")) continue;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (style.display === "inline" || e.type === "checkbox") continue;
    if (box.height < 43.5 || box.width < 43.5) wrong.push(`small: ${name(e)} ${box.height}`);
  }
  return wrong;
}"""
#: What is shown as it was typed, or belongs to the other language on purpose.
TYPED = (
    *(Occasion, Registration, Device, accounts.User, Document, Round, Sample, Message),
    *(month.Organisation, month.Body, month.Campaign, month.Filing, month.FilingFile),
    *(month.SlipPerson, month.Holiday, month.Deadline),
)
TEXTS = """() => {
  const texts = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!e.closest("[lang='zh-CN'], script")) texts.push(walk.currentNode.data);
  }
  for (const e of document.querySelectorAll("[placeholder], [aria-label], [alt], #door"))
    texts.push(e.placeholder, e.ariaLabel, e.alt, ...Object.values(e.dataset));
  return [document.title, ...texts].filter(Boolean);
}"""


@pytest.fixture(scope="module")
def composed(sqlite, tmp_path_factory):
    """Return the product with its demonstration data, and where its database and files are."""
    home = tmp_path_factory.mktemp("composed")
    with sqlite.copy(noisy=False) as url:
        app = databases.build(url, home / "data")
        with app.test_request_context():
            scene = gallery.compose(app, databases.PUBLIC_URL)
        databases.dispose(app)
        databases.keep(url, home / "composed.db")
    return home, scene


@pytest.fixture
def database_url(composed, tmp_path):
    home, _scene = composed
    shutil.copytree(home / "data", tmp_path / "data")
    return databases.copied(home / "composed.db", tmp_path)


@pytest.fixture
def scene(composed, server):
    """Return the scene at the address of this test's server."""
    return replace(composed[1], url=server.url)


#: Together in one test each, so that no test takes minutes.
GROUPS = [(gallery.ANYONE, gallery.DOOR), (gallery.OFFICE,), (gallery.BODY,)]
GROUPS.append((gallery.LAB, gallery.JUDGE))


def visits(scene, opener, chrome, language, visitors):
    """Yield every page of some visitors."""
    for who in visitors:
        page = scene.enter(opener(chrome).context, who, language)
        if who in scene.links:
            gallery.sign_in(page, scene, who)
        for name, (visitor, path) in scene.pages.items():
            if visitor == who:
                page.goto(scene.url + path)
                yield name, who, page


def misfits(page, sizes, who):
    """Yield what does not fit at one of the sizes."""
    for width, height, text in sizes:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("text => { document.documentElement.style.fontSize = text }", text)
        yield from (f"{width} {text}: {found}" for found in page.evaluate(WRONG, [who]))


def chinese(page, typed):
    """Yield the texts of an English page with Chinese in them that nobody has typed."""
    assert page.locator("html").get_attribute("lang") == "en"
    for text in page.evaluate(TEXTS):
        left = text
        for value in typed:
            left = left.replace(value, "")
        if re.search(r"[一-鿿]", left):
            yield f"not English: {left.strip()[:80]}"


def everything_typed():
    """Return the texts of the database, the longest first."""
    typed = {"中文", "刘*", "钱示例", "试件破损", month_demo.NOTE, "转***"}
    for table in TYPED:
        for row in db.session.scalars(sa.select(table)):
            values = (getattr(row, column.key) for column in sa.inspect(table).column_attrs)
            typed |= {value for value in values if value and isinstance(value, str)}
    return sorted(typed, key=len, reverse=True)


def test_every_visitor_belongs_to_one_group():
    assert sorted(who for group in GROUPS for who in group) == sorted(gallery.VISITORS)


@pytest.mark.parametrize("visitors", GROUPS, ids="-".join)
def test_every_page_fits_and_speaks_its_language(scene, opener, chrome, console, visitors):
    console.allow("status of (404|422)")
    wrong, typed = [], everything_typed()
    for name, who, page in visits(scene, opener, chrome, "zh", visitors):
        wrong += [f"{name} {found}" for found in misfits(page, SIZES, who)]
    for name, who, page in visits(scene, opener, chrome, "en", visitors):
        wrong += [f"{name} {found}" for found in misfits(page, SIZES[:2], who)]
        wrong += [f"{name} {found}" for found in chinese(page, typed)]
    assert not wrong, "\n".join(dict.fromkeys(wrong))
