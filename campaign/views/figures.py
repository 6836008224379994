"""Figures by task and city: reported (填报) and counted (系统) apart, and the rows behind both."""

from collections.abc import Sequence

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from campaign import bodies, campaigns, exports, overview, tally
from campaign.figures import Figure
from campaign.figures import counted as count_all
from campaign.models import Campaign
from campaign.reports import name, unit
from campaign.tally import Report
from campaign.tasks import Counter, Task, counters, tasks
from campaign.views.pages import office, staff
from core import access, audit
from core.db import transaction
from core.errors import N_, NotFound
from core.i18n import is_chinese
from core.sending import send_made


def _places(figures: Sequence[Figure]) -> dict[int, str]:
    """Return the 22 places by number, and a nameless one when something belongs to none."""
    known = bodies.place_names(english=not is_chinese())
    return known | ({0: ""} if tally.strangers(figures, list(known)) else {})


def _task(no: int) -> Task:
    return next((task for task in tasks() if task.no == no), tasks()[0])


@office.get("/<int:year>/figures")
@staff
def figures(year: int) -> str:
    """Show one task: cities as rows, its figures as columns, the province below."""
    campaign = campaigns.of_year(year)
    task = _task(request.args.get("task", 1, type=int))
    reports, counted = _reports(campaign), count_all(campaign.id)
    codes = tally.counted_codes(counted)
    return render_template(
        "campaign/office/figures.html",
        campaign=campaign,
        tasks=tasks(),
        task=task,
        codes=codes,
        rows=[
            (place, label, _cells(task, reports, counted, place))
            for place, label in _places(counted).items()
        ],
        province=_cells(task, reports, counted, None),
        filed=sum(1 for report in reports if report.filing_id),
        all=len(reports),
        returned=sum(
            line.items["summary"].state == "returned" for line in overview.lines(campaign)
        ),
        name=name,
        unit=unit,
        chinese=is_chinese(),
    )


def _reports(campaign: Campaign) -> list[Report]:
    return overview.reports(campaign, english=not is_chinese())


def _cells(
    task: Task, reports: Sequence[Report], counted: Sequence[Figure], place: int | None
) -> list[tuple[Counter, tally.Typed, tally.Counted]]:
    return [
        (
            counter,
            tally.typed(reports, counter.code, place),
            tally.counted(counted, counter.code, place),
        )
        for counter in task.counters
    ]


@office.get("/<int:year>/figures/<code>")
@staff
def figure_rows(year: int, code: str) -> str:
    """Show the rows behind a number: every body asked, and everything the system counted."""
    campaign = campaigns.of_year(year)
    counter = next((counter for counter in counters() if counter.code == code), None)
    counted = count_all(campaign.id)
    places = _places(counted)
    place = request.args.get("place", type=int)
    if counter is None or (place is not None and place not in places):
        raise NotFound("unknown_figure", N_("There is no such figure. Go back to the table."))
    reports = [one for one in _reports(campaign) if place in (None, one.place_id)]
    standing = {line.body_id: line.items["summary"] for line in overview.lines(campaign)}
    return render_template(
        "campaign/office/figure_rows.html",
        campaign=campaign,
        counter=counter,
        task=_task(counter.task),
        place="" if place is None else places[place],
        everywhere=place is None,
        reports=reports,
        standing=standing,
        typed=tally.typed(reports, code),
        counted=tally.counted(counted, code, place),
        name=name(counter),
        unit=unit(counter),
        back=url_for("month.figures", year=year, task=counter.task),
    )


@office.post("/<int:year>/figures/export")
@staff
def figures_export(year: int) -> Response:
    """Return all figures as XLSX (by city and by body) or CSV (by body)."""
    wish = "csv" if request.form.get("format") == "csv" else "xlsx"
    actor = access.current()
    with transaction():
        campaign = campaigns.of_year(year)
        audit.record("export", "campaign", campaign.public_id, actor=actor, format=wish,
                     what="figures")  # fmt: skip
    reports, counted = _reports(campaign), count_all(campaign.id)
    places = _places(counted)
    file = exports.figures_file(wish, campaign, reports, counted, places=places, who=actor.name)
    return send_made(file)
