"""The announced days off and the working weekend days of a year (节假日与调休)."""

from datetime import datetime, time
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from campaign import campaigns, words
from campaign import holidays as table
from campaign.forms.lists import DayForm, PasteForm, day_rows
from campaign.views.pages import office, staff
from core import access
from core.clock import from_local, local, now
from core.db import transaction
from core.errors import Conflict, InvalidInput, NotFound
from core.i18n import day


@office.route("/holidays", methods=["GET", "POST"])
@staff
def holidays() -> Any:
    """Show the table of a year and change it."""
    year = _year()
    act = request.form.get("act", "") if request.method == "POST" else "show"
    form, paste = DayForm(formdata=_for(act, "add")), PasteForm(formdata=_for(act, "paste"))
    form.kind.choices = [(kind.value, str(word)) for kind, word in words.DAYS.items()]
    if act == "show":
        return _page(year, form, paste)
    try:
        year = _act(act, year, form, paste) or year
    except (Conflict, InvalidInput, NotFound) as error:
        (paste.lines if act == "paste" else form.day).errors = [_(error.message, **error.params)]
        return _page(year, form, paste), error.status
    if form.errors or paste.errors:
        return _page(year, form, paste), 422
    return redirect(url_for("month.holidays", year=year), 303)


def _for(act: str, mine: str) -> Any:
    return request.form if act == mine else None


def _year() -> int:
    """Return the year that is asked for, else the one of the current campaign."""
    asked = request.args.get("year", "")
    if asked.isascii() and asked.isdigit() and len(asked) == 4 and 2000 <= int(asked) <= 2100:
        return int(asked)
    return local(now()).year


def _act(act: str, year: int, form: DayForm, paste: PasteForm) -> int | None:
    """Do what was asked for; return the year to show when it is another one."""
    actor = access.current()
    if act == "add":
        if not form.validate():
            return None
        with transaction():
            table.add([form.entry()], actor)
        flash(_("Added. Verify the year again when it is complete."), "success")
        return form.entry().day.year
    if act == "paste":
        if not paste.validate():
            return None
        entries = table.read(paste.lines.data or "")
        with transaction():
            table.add(entries, actor)
        flash(_("%(count)s days added. Compare them, then verify.", count=len(entries)), "success")
        return entries[0].day.year if entries else None
    if act == "verify":
        with transaction():
            table.verify(year, actor)
        flash(_("Verified. Working days of this year count as certain."), "success")
        return None
    _save(year)
    return None


def _save(year: int) -> None:
    with transaction():
        entries, gone = day_rows(request.form, table.of_year(year))
        for gone_day in gone:
            table.remove(gone_day, access.current())
        for entry in entries:
            table.change(entry, access.current())
    flash(_("Saved."), "success")


def _page(year: int, form: DayForm, paste: PasteForm) -> str:
    known = table.years()
    listed = table.of_year(year)
    here = local(now()).year
    return render_template(
        "campaign/office/settings_holidays.html",
        campaign=next((one for one in campaigns.every() if one.year == year), campaigns.current()),
        year=year,
        listed=listed,
        said={row.day: day(from_local(datetime.combine(row.day, time()))) for row in listed},
        shown=sorted({*known, here, here + 1, year}),
        known=known,
        verified=bool(listed) and all(row.verified for row in listed),
        kinds=form.kind.choices,
        form=form,
        paste=paste,
        tab="settings",
    )
