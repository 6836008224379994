"""Pages of a liaison officer: what is due, the city's other bodies, and a draft thrown away."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaign import bodies, campaigns, filings
from campaign.models import Body, Campaign, Item
from campaign.presentation.liaison import FORMS, cards, desk
from campaign.views.pages import body, mine, officer, speaks_for
from core import access
from core.access import Role
from core.db import db, transaction
from core.errors import N_, NotFound
from core.i18n import is_chinese

#: Items whose draft can be thrown away.
ITEMS = "/<any(slip,plan,summary,evidence):item>"


@body.get("/")
@officer
def home() -> Any:
    """List the bodies the account files for; a single one of this year opens at once."""
    actor = access.current()
    held = bodies.held(actor)
    everybody = actor.has(Role.OFFICE, Role.ADMIN)
    current = campaigns.current() if everybody or held else None
    newest = [one for campaign, one in held if campaign is current]
    if not everybody and len(newest or held) == 1:
        only = newest[0] if newest else held[0][1]
        return redirect(url_for("body.overview", body_id=only.public_id))
    years = _years(held)
    if everybody and current:
        years = {current: bodies.bodies(current)} | {c: b for c, b in years.items() if c != current}
    standings = [(year, filings.standings(year, listed)) for year, listed in years.items()]
    return render_template("campaign/body/home.html", years=standings)


def _years(held: list[tuple[Campaign, Body]]) -> dict[Campaign, list[Body]]:
    found: dict[Campaign, list[Body]] = {}
    for campaign, one in held:
        found.setdefault(campaign, []).append(one)
    return found


@body.get("/<body_id>/")
@officer
def overview(body_id: str) -> str:
    """Show the four items of a body: where each stands, until when, and what to do next."""
    found = mine(body_id)
    campaign = db.session.get_one(Campaign, found.campaign_id)
    others = [(c, b) for c, b in bodies.held(access.current()) if b.id != found.id]
    return render_template(
        "campaign/body/overview.html",
        body=found,
        campaign=campaign,
        cards=cards(found),
        others=others,
        own=speaks_for(found),
    )


@body.get("/<body_id>/city")
@officer
def city(body_id: str) -> str:
    """Show states and times of the city's other bodies; never files, reasons or names of people."""
    found = mine(body_id)
    if not found.sees_city:
        raise NotFound("unknown_body", N_("There is no such body. Go back to the list."))
    campaign = db.session.get_one(Campaign, found.campaign_id)
    return render_template(
        "campaign/body/city.html",
        body=found,
        campaign=campaign,
        place=bodies.place_names(english=not is_chinese())[found.place_id],
        standings=filings.standings(campaign, bodies.of_city(found)),
    )


@body.post("/<body_id>" + ITEMS + "/discard")
@officer
def discard(body_id: str, item: str) -> Any:
    """Ask once, then throw the draft of an item away; what was filed stays."""
    wanted = Item(item)
    if not request.form.get("sure"):
        return render_template("campaign/body/discard.html", desk=desk(mine(body_id), wanted))
    with transaction():
        filings.drop_draft(mine(body_id), wanted)
    flash(_("The draft is thrown away. What was filed before stands unchanged."), "success")
    page = "body.overview" if filings.last_version(mine(body_id), wanted) else FORMS[wanted]
    return redirect(url_for(page, body_id=body_id))
