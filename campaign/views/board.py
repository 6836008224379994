"""The province's board: forty rows, their totals, and the rows behind every number."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from campaign import board as rules
from campaign import bodies, campaigns, exports, overview, words
from campaign.models import BodyKind, Campaign
from campaign.views.pages import office, staff
from core import access, audit, documents
from core.db import transaction
from core.i18n import is_chinese
from core.sending import send_made

KINDS = tuple(kind.value for kind in BodyKind)
FORMATS = ("xlsx", "csv", "pdf")


@office.get("/<int:year>/")
@staff
def board(year: int) -> str:
    """Show where every body stands; each number leads to the rows it counts."""
    campaign = campaigns.of_year(year)
    asked = rules.wish(request.args, KINDS)
    lines = overview.lines(campaign, english=not is_chinese())
    inside, rows = rules.scope(lines, asked), rules.chosen(lines, asked)
    first, waiting = overview.waiting(campaign)
    return render_template(
        "campaign/office/board.html",
        campaign=campaign,
        asked=asked,
        address=rules.address,
        all=len(lines),
        inside=len(inside),
        totals=rules.totals(inside),
        first=first,
        waiting=waiting,
        due=_due(campaign),
        rows=rows,
        groups=rules.groups(rows, asked.group),
        # What a group's heading counts is the whole group, not the rows a filter left of it.
        subtotals={g.key: (len(g.lines), rules.totals(g.lines))
                   for g in rules.groups(inside, asked.group)},
        heading=exports.heading,
        described=exports.described(asked, _place_names()),
        newest=overview.newest(campaign),
        items=exports.ITEM_WORDS,
        kinds=exports.KIND_WORDS,
        shown=words.SHOWN,
        regions=words.REGIONS,
    )  # fmt: skip


def _due(campaign: Campaign) -> dict[str, object]:
    return {item.value: due for item, due in campaigns.deadlines(campaign).items()}


def _place_names() -> dict[int, str]:
    """Return the names of the places by their official order, which addresses use."""
    chinese = is_chinese()
    return {place.position: place.name if chinese else place.name_en for place in bodies.places()}


@office.post("/<int:year>/export")
@staff
def board_export(year: int) -> Response:
    """Return the rows of the board as XLSX, CSV or a printable list; no person is in it."""
    wish = request.form.get("format", "")
    wish = wish if wish in FORMATS else "xlsx"
    actor = access.current()
    if wish == "pdf":
        documents.fonts_ok()  # warms the typesetter
    with transaction():
        campaign = campaigns.of_year(year)
        asked = rules.wish(request.form, KINDS)
        lines = overview.lines(campaign, english=not is_chinese() and wish != "pdf")
        places = _place_names()
        audit.record("export", "campaign", campaign.public_id, actor=actor, format=wish,
                     what="board")  # fmt: skip
    return send_made(exports.board_file(wish, campaign, lines, asked, places, actor.name))


@office.get("/")
@staff
def home() -> Response:
    """Lead to the board of the current year."""
    return redirect(url_for("month.board", year=campaigns.current().year))
