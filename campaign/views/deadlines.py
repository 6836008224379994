"""The deadlines of all bodies: set as instants, with their history and every extension."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from campaign import campaigns, holidays, words
from campaign import deadlines as rows
from campaign.forms.settings import DeadlinesForm, as_written
from campaign.views.pages import office, staff
from campaign.workdays import Calendar
from core import access
from core.clock import local, now
from core.db import transaction
from core.errors import Conflict, InvalidInput


@dataclass(frozen=True)
class Due:
    """A deadline as the page explains it."""

    at: datetime
    day: date
    working: bool
    #: Working days from tomorrow to the last day; 0 when it is over.
    left: int
    over: bool


@office.route("/<int:year>/deadlines", methods=["GET", "POST"])
@staff
def deadlines(year: int) -> Any:
    """Show and change when the four items are due."""
    form, status = DeadlinesForm(), 200
    if form.is_submitted():
        status = _save(year, form)
        if status == 303:
            return redirect(url_for("month.deadlines", year=year), 303)
    campaign, calendar, today = campaigns.of_year(year), holidays.calendar(), local(now()).date()
    due = {
        item: _explained(at, calendar, today) for item, at in campaigns.deadlines(campaign).items()
    }
    if status != 422:
        form.show({item: entry.at for item, entry in due.items()})
    history = rows.history(campaign)
    page = render_template(
        "campaign/office/settings_deadlines.html",
        campaign=campaign,
        form=form,
        due=due,
        doubt=words.uncertain(calendar, today, *(entry.day for entry in due.values())),
        extensions=[row for row in history if row.body],
        history=[row for row in history if not row.body],
        tab="settings",
    )
    return page, status


def _save(year: int, form: DeadlinesForm) -> int:
    if not form.validate():
        return 422
    try:
        with transaction():
            changed = rows.change(
                campaigns.of_year(year), form.wanted(), form.seen(), access.current()
            )
    except (Conflict, InvalidInput) as error:
        form.form_errors = [_(error.message)]
        return error.status
    flash(_("Saved.") if changed else _("Nothing was different, so nothing changed."), "success")
    if any(form.wanted()[item] <= now() for item in changed):
        flash(
            _("A deadline you set is over already: bodies that have not filed are late."), "warning"
        )
    return 303


def _explained(at: datetime, calendar: Calendar, today: date) -> Due:
    day, _time = as_written(at)
    left = calendar.between(today, day)
    return Due(at, day, calendar.is_working(day), left, over=at <= now())
