"""The list of reporting bodies of a year, in the order of the notice."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaign import bodies, body_list, campaigns, words
from campaign.body_list import Row
from campaign.forms.lists import BodyForm, BodyRows
from campaign.models import Campaign
from campaign.views.pages import office, staff
from core import access
from core.db import read_only_done, transaction
from core.errors import Conflict, InvalidInput
from core.i18n import is_chinese


@office.route("/<int:year>/bodies", methods=["GET", "POST"])
@staff
def bodies_edit(year: int) -> Any:
    """Show the list and change it: all rows at once, or one new row."""
    if request.form.get("act") == "add":
        return _add(year)
    if request.method == "POST":
        return _rearrange(year)
    return _page(campaigns.of_year(year))


def _choices() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the cities and the kinds as a select shows them."""
    names = bodies.place_names(english=not is_chinese())
    return (
        [(str(number), name) for number, name in names.items()],
        [(kind.value, str(word)) for kind, word in words.KINDS.items()],
    )


def _add(year: int) -> Any:
    form = BodyForm()
    form.place.choices, form.kind.choices = _choices()
    read_only_done()
    if not form.validate():
        return _page(campaigns.of_year(year), form=form), 422
    try:
        with transaction():
            body = body_list.add(campaigns.of_year(year), form.row(), access.current())
    except InvalidInput as error:
        form.name.errors = [_(error.message)]
        return _page(campaigns.of_year(year), form=form), error.status
    flash(_("%(name)s is on the list now.", name=body.name), "success")
    return redirect(url_for("month.bodies_edit", year=year, _anchor=f"row-{body.public_id}"), 303)


def _rearrange(year: int) -> Any:
    listed, seen = bodies.bodies(campaigns.of_year(year)), request.form.get("seen", "")
    sent = BodyRows(request.form, listed, {int(place) for place, _name in _choices()[0]})
    act = request.form.get("act", "")
    rows = _one_step(sent.rows, act)
    stale = seen != body_list.state(listed)
    read_only_done()
    if sent.errors and not stale:
        return _page(campaigns.of_year(year), rows, sent.errors), 422
    try:
        with transaction():
            changed = body_list.rearrange(
                campaigns.of_year(year), rows, access.current(), seen=seen
            )
    except Conflict as error:
        flash(_(error.message), "error")
        return _page(campaigns.of_year(year)), error.status
    except InvalidInput as error:
        wrong = {key: _(message) for key, message in error.fields.items()}
        return _page(campaigns.of_year(year), rows, wrong), error.status
    flash(_saved(changed), "success")
    moved = act.partition(":")[2]
    anchor = f"row-{moved}" if moved in {row.public_id for row in rows} else None
    return redirect(url_for("month.bodies_edit", year=year, _anchor=anchor), 303)


def _saved(changed: int) -> str:
    if not changed:
        return str(_("Nothing was different, so nothing changed."))
    return str(_("Saved: %(count)s bodies changed.", count=changed))


def _one_step(rows: list[Row], act: str) -> list[Row]:
    """Move the row whose arrow was pressed by one place; the others keep what was typed."""
    step = {"up": -1, "down": 1}.get(act.partition(":")[0], 0)
    return [
        replace(row, position=max(row.position + step, 1))
        if row.public_id == act.partition(":")[2]
        else row
        for row in rows
    ]


def _page(
    campaign: Campaign,
    rows: list[Row] | None = None,
    wrong: dict[str, str] | None = None,
    form: BodyForm | None = None,
) -> str:
    listed = bodies.bodies(campaign)
    held = body_list.held(campaign)
    places, kinds = _choices()
    if form is None:
        form = BodyForm(formdata=None)
        form.place.choices, form.kind.choices = places, kinds
    return render_template(
        "campaign/office/settings_bodies.html",
        campaign=campaign,
        rows=rows or [body_list.as_it_is(body) for body in listed],
        staying={body.public_id for body in listed if body.id in held},
        seen=body_list.state(listed),
        wrong=wrong or {},
        places=places,
        kinds=kinds,
        form=form,
        tab="settings",
    )
