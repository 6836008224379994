"""Reminders (催办): who has not filed, what goes to whom, and what went before."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from campaign import campaigns, reminders, wording
from campaign.bodies import bodies
from campaign.forms.invitations import ReminderText
from campaign.models import Campaign, Item
from campaign.presentation.outstanding import workbook
from campaign.presentation.telling import WAYS
from campaign.reminders import Waiting
from campaign.telling import sent
from campaign.views.invitations import download
from campaign.views.pages import office, staff
from core import access, notify
from core.db import transaction
from core.errors import Conflict
from core.notify import Channel
from core.outbox import CHANNELS, STATES


def _item(campaign: Campaign) -> Item:
    """Return the item asked for, else the first that somebody still owes."""
    wish = request.values.get("item", "")
    if wish in set(Item):
        return Item(wish)
    return next((item for item, count in reminders.counts(campaign).items() if count), Item.SLIP)


@office.get("/<int:year>/reminders", endpoint="reminders")
@staff
def home(year: int) -> Any:
    """Show who has not filed an item, with the texts to copy and what was sent before."""
    campaign = campaigns.of_year(year)
    item = _item(campaign)
    return _listed(campaign, item, ReminderText(formdata=None, text=reminders.template(campaign)))


def _listed(campaign: Campaign, item: Item, form: ReminderText) -> Any:
    rows = reminders.waiting(campaign, item)
    text = reminders.template(campaign) if form.errors else form.text.data or ""
    letters = reminders.letters(campaign, item, rows, text, Channel.COPY)
    page = render_template(
        "campaign/office/reminders.html",
        campaign=campaign,
        item=item,
        counts=reminders.counts(campaign),
        rows=rows,
        texts={one.waiting.body.id: one.shown for one in reversed(letters)},
        group=reminders.group_text(campaign, item, rows) if rows else "",
        form=form,
        ways={way: WAYS[way] for way in notify.channels()},
        channels=CHANNELS,
        message_states=STATES,
        history=_history(campaign, item),
        chosen=request.form.getlist("body"),
        placeholders=wording.REMINDER,
    )
    return page, 422 if form.errors else 200


def _history(campaign: Campaign, item: Item) -> list[Any]:
    listed = bodies(campaign)
    names = {body.id: body.name for body in listed}
    return [(names[one.body_id], one) for one in sent(reminders.kind(item), listed)]


@office.post("/<int:year>/reminders/remind")
@staff
def remind(year: int) -> Any:
    """Show what goes to whom; the POST of that page notes or sends it."""
    if "confirmed" in request.form:
        return _go(year)
    form = ReminderText()
    if not form.validate_on_submit():
        campaign = campaigns.of_year(year)
        return _listed(campaign, _item(campaign), form)
    try:
        with transaction():
            campaign = campaigns.of_year(year)
            item = _item(campaign)
            rows = _chosen(campaign, item)
            if reminders.give_links(rows, access.current()):
                rows = _chosen(campaign, item)
    except Conflict as error:
        flash(_(error.message), "warning")
        campaign = campaigns.of_year(year)
        return _listed(campaign, _item(campaign), form)
    return _confirm(campaign, item, rows, form)


def _chosen(campaign: Campaign, item: Item) -> list[Waiting]:
    return reminders.chosen(reminders.waiting(campaign, item), request.form.getlist("body"))


def _channel() -> Channel:
    wish = request.form.get("channel", "")
    return Channel(wish) if wish in set(Channel) else Channel.COPY


def _confirm(
    campaign: Campaign, item: Item, rows: list[Waiting], form: ReminderText, missed: str = ""
) -> Any:
    channel = _channel()
    letters = reminders.letters(campaign, item, rows, form.text.data or "", channel)
    page = render_template(
        "campaign/office/remind.html",
        campaign=campaign,
        item=item,
        channel=channel,
        way=WAYS[channel],
        letters=letters,
        unreached=[row for row in rows if not row.reached(channel)],
        again=[row for row in rows if row.just_reminded],
        rows=rows,
        text=form.text.data,
        missed=missed,
    )
    return page, 422 if missed else 200


def _missed(rows: list[Waiting]) -> str:
    """Return what was not ticked although it must be."""
    if any(row.just_reminded for row in rows) and "again" not in request.form:
        return str(_("Somebody was reminded within the last hour. Tick that they shall be again."))
    if _channel() is Channel.SHEET and "sure" not in request.form:
        return str(_("Tick that you need the full numbers, then take the list."))
    return ""


def _go(year: int) -> Any:
    form, content, said = ReminderText(), b"", ""
    if not form.validate_on_submit():
        campaign = campaigns.of_year(year)
        return _listed(campaign, _item(campaign), form)
    with transaction():
        campaign = campaigns.of_year(year)
        item, channel = _item(campaign), _channel()
        rows = _chosen(campaign, item)
        if not (missed := _missed(rows)):
            ready = reminders.letters(campaign, item, rows, form.text.data or "", channel)
            actor = access.current()
            done = reminders.remind(campaign, item, ready, channel, actor)
            content = notify.bulk_sheet(done, actor.name) if channel is Channel.SHEET else b""
            said = _("On record as sent: %(count)s.", count=len(done))
    if missed:
        return _confirm(campaign, item, rows, form, missed)
    if content:
        return download(content, f"reminder-{item.value}-{year}")
    flash(said, "success")
    return redirect(url_for("month.reminders", year=year, item=item.value))


@office.post("/<int:year>/reminders/list")
@staff
def reminders_sheet(year: int) -> Response:
    """Return who has not filed as XLSX, mobiles masked unless the full ones are asked for twice."""
    full = request.form.get("mobiles") == "full"
    if full and request.form.get("sure") != "yes":
        flash(_("Tick that you need the full numbers, then take the list."), "warning")
        return redirect(url_for("month.reminders", year=year, item=request.form.get("item", "")))
    actor = access.current()
    with transaction():
        campaign = campaigns.of_year(year)
        item = _item(campaign)
        rows = reminders.waiting(campaign, item)
        reminders.note_export(campaign, item, actor, full_mobiles=full, rows=len(rows))
        content = workbook(item, rows, actor.name, full_mobiles=full)
    return download(content, f"outstanding-{item.value}-{year}")
