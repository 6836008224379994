"""Set-up of a year: its details, a new year made from it, and opening it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from campaign import campaigns, details, next_year, words
from campaign.forms.settings import DetailsForm, NewYearForm, OpenYearForm
from campaign.models import Campaign
from campaign.views.pages import office, staff
from core import access
from core.db import transaction
from core.errors import N_, Conflict, InvalidInput


@office.route("/<int:year>/settings", methods=["GET", "POST"])
@staff
def settings(year: int) -> Any:
    """Show and change what the office writes about a year."""
    form = DetailsForm()
    status = 200
    if form.is_submitted():
        status = _save(year, form)
        if status == 303:
            return redirect(url_for("month.settings", year=year), 303)
    return _page(year, form, status), status


def _save(year: int, form: DetailsForm) -> int:
    """Store what was typed and return the status of the answer; 303 leads back to the page."""
    if not form.validate():
        return 422
    try:
        with transaction():
            campaign = campaigns.of_year(year)
            typed = form.details(usual_privacy=words.usual_privacy(campaign))
            changed = details.change(campaign, typed, access.current(), seen=form.seen.data or "")
    except Conflict as error:
        form.form_errors = [_(error.message)]
        form.seen.data = ""
        return error.status
    flash(_("Saved.") if changed else _("Nothing was different, so nothing changed."), "success")
    return 303


def _page(
    year: int, form: DetailsForm, status: int = 200, new_year: NewYearForm | None = None
) -> str:
    campaign = campaigns.of_year(year)
    mark = details.state(campaign)
    if status == 200:
        form.show(campaign, mark, words.privacy(campaign))
    elif not form.seen.data:
        form.seen.data = mark
    return render_template(
        "campaign/office/settings.html",
        campaign=campaign,
        form=form,
        due=campaigns.deadlines(campaign),
        missing=_missing(campaign),
        new_year=new_year or NewYearForm(formdata=None, new_year=_next_year()),
        opening=OpenYearForm(formdata=None),
        tab="settings",
    )


def _next_year() -> int:
    return campaigns.every()[0].year + 1


def _missing(campaign: Campaign) -> list[str]:
    """Return the labels of what bodies will look for and is still empty."""
    form = DetailsForm(formdata=None)
    wanted = ("theme", "document_no", "host", "contact", "intro")
    return [str(form[name].label.text) for name in wanted if not getattr(campaign, name)]


@office.post("/<int:year>/new-year")
@staff
def year_new(year: int) -> Any:
    """Make a new year from this one and lead to its set-up."""
    form = NewYearForm()
    made = form.new_year.data or 0
    try:
        if not form.validate():
            raise InvalidInput("year_invalid", N_("Write the year as four digits, e.g. 2030."))
        with transaction():
            source, actor = campaigns.of_year(year), access.current()
            next_year.carry_over(source, campaigns.copy(source, made, actor), actor)
    except (Conflict, InvalidInput) as error:
        form.new_year.errors = [_(error.message, **error.params)]
        return _page(year, DetailsForm(formdata=None), new_year=form), error.status
    flash(
        _("The year is made. Bodies do not see it before you open it: check everything first."),
        "success",
    )
    return redirect(url_for("month.settings", year=made))


@office.post("/<int:year>/open")
@staff
def year_open(year: int) -> Response:
    """Let the bodies see a year; from then on the newest open one is the current one."""
    if not OpenYearForm().validate():
        flash(_("Tick the box first: opening cannot be taken back."), "error")
        return redirect(url_for("month.settings", year=year))
    with transaction():
        campaigns.open_year(campaigns.of_year(year), access.current())
    flash(_("The year is open: the bodies see it now."), "success")
    return redirect(url_for("month.settings", year=year))
