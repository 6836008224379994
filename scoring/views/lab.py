"""Pages of a laboratory: its tasks, the form of a stage, checking and submitting, the receipt."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from core import access
from core.access import Role
from core.clock import local, now
from core.db import read_only_done, transaction
from core.findings import Finding
from scoring import entries, intake, submission
from scoring.draft import Clash
from scoring.entries import ClosedError, Desk
from scoring.messages import finding
from scoring.phase import Window
from scoring.presentation.lab import tasks
from scoring.presentation.lab.entry_form import TIMES, EntryForm, carried
from scoring.presentation.lab.names import conditions_of_samples, field_name, statuses, verdicts

pages = Blueprint("lab", __name__, url_prefix="/lab")
laboratory = access.roles(Role.LAB)


@pages.get("/")
@laboratory
def home() -> str:
    """List the stages of the laboratory's rounds, with the next act of each."""
    found = [tasks.task(desk, now()) for desk in entries.desks(access.current())]
    return render_template("scoring/lab/home.html", tasks=found)


def filled(desk: Desk, fields: Mapping[str, str]) -> EntryForm:
    """Return the form of a stage filled with ``fields``."""
    return EntryForm(desk, fields, entries.read(desk, fields))


def typed(desk: Desk) -> dict[str, str]:
    """Return the fields of the form as they were sent; where two clashed, the chosen text."""
    found = {}
    for name in intake.keys(desk.stage.parameters, local(desk.stage.opens_at).date()):
        copies = request.form.getlist(f"copy:{name}")
        choice = request.form.get(f"keep:{name}", len(copies), type=int)
        text = copies[choice] if choice in range(len(copies)) else request.form.get(name)
        if text is not None:
            found[name] = unicodedata.normalize("NFC", text.strip())[: intake.LONGEST]
    return found


def chosen() -> set[str]:
    """Return the fields that clashed and of which a text was chosen now."""
    return {name.removeprefix("keep:") for name in request.form if name.startswith("keep:")}


def revision() -> int:
    """Return the number of the save that the sent page showed."""
    return request.form.get("rev", 0, type=int)


@pages.route("/entry/<stage_id>", methods=["GET", "POST"])
@laboratory
def entry(stage_id: str) -> Any:
    """Show the form of a stage; keep what was typed as a draft."""
    if request.method == "POST":
        return _save(stage_id)
    desk = entries.desk(access.current(), stage_id)
    window = desk.window(now())
    if window is Window.NOT_OPEN:
        return render_template("scoring/lab/not_open.html", desk=desk)
    if window is Window.LOCKED:
        return closed(desk, _why_closed(desk), {}, 200)
    return form_page(desk, {**carried(desk, entries.desks(access.current())), **desk.fields})


def _save(stage_id: str) -> Any:
    actor = access.current()
    with transaction():
        desk = entries.desk(actor, stage_id)
        fields = typed(desk)
        why, clashes = keep(desk, fields)
    if why is not None:
        return closed(desk, why, fields, 409)
    desk = entries.desk(actor, stage_id)
    if clashes:
        return form_page(desk, desk.fields), 409
    if request.form.get("act") == "check":
        return redirect(url_for("lab.check", stage_id=stage_id))
    flash(_("The draft is saved. It is not submitted yet."), "success")
    return redirect(url_for("lab.entry", stage_id=stage_id))


def keep(desk: Desk, fields: Mapping[str, str]) -> tuple[Finding | None, list[Clash]]:
    """Save ``fields`` as the draft, or return why the stage is closed, or what clashes."""
    try:
        entries.check_open(desk, g.arrived_at)
    except ClosedError as error:
        return error.finding, []
    return None, entries.save(desk, fields, revision(), access.current(), chosen())


def form_page(desk: Desk, fields: Mapping[str, str]) -> str:
    """Return the page of the form, on top the fields that wait for a choice."""
    form = filled(desk, fields)
    return render_template(
        "scoring/lab/entry.html",
        desk=desk,
        form=form,
        clashes=desk.clashes,
        clash=_clash(desk.clashes[0]) if desk.clashes else "",
        me=access.current().name,
        left=tasks.remaining(desk.stage.closes_at - now()),
        times=TIMES,
        conditions=intake.CONDITIONS,
        sample_states=conditions_of_samples(),
        statuses=statuses(),
        verdicts=verdicts(),
        label=field_name,
    )


def _clash(first: Clash) -> str:
    me, standing = access.current().name, first.standing
    copy = next((copy for copy in first.copies if copy.by != me), None)
    if standing.by != me:
        return finding("E17", "", name=standing.by, t=standing.at).text(_)
    if copy is None:
        said = _(
            "Another window of this account changed this page at %(t)s. "
            "Yours is kept as a copy; compare before saving.",
            t=standing.at,
        )
    else:
        said = _(
            "%(name)s sent another text at %(t)s. It is kept as a copy; compare before saving.",
            name=copy.by,
            t=copy.at,
        )
    return str(said)


def _why_closed(desk: Desk) -> Finding:
    try:
        entries.check_open(desk, now())
    except ClosedError as error:
        return error.finding
    raise AssertionError("the stage is open")


def closed(desk: Desk, why: Finding, fields: Mapping[str, str], status: int) -> tuple[str, int]:
    """Return the page that says what counts, and repeats what was typed in vain."""
    page = render_template(
        "scoring/lab/closed.html",
        desk=desk,
        why=why.text(_),
        in_vain=bool(fields),
        form=filled(desk, fields) if fields else received(desk),
        **_words(),
    )
    return page, status


def received(desk: Desk) -> EntryForm | None:
    """Return the form as it was submitted last; None where nothing was."""
    if desk.standing is None:
        return None
    return filled(desk, submission.fields_of(desk.standing.document))


def _words() -> dict[str, Any]:
    """Return what the sheet of an entry needs to be written out."""
    return {
        "conditions": intake.CONDITIONS,
        "sample_states": dict(conditions_of_samples()),
        "statuses": dict(statuses()),
        "label": field_name,
    }


@pages.route("/entry/<stage_id>/check", methods=["GET", "POST"])
@laboratory
def check(stage_id: str) -> Any:
    """Show everything as it will be sent, and submit it."""
    if request.method == "POST":
        return _submit(stage_id)
    desk = entries.desk(access.current(), stage_id)
    if desk.window(now()) is not Window.OPEN or not desk.rev:
        return redirect(url_for("lab.entry", stage_id=stage_id))
    return _check_page(desk)


def _check_page(desk: Desk, *, moved: bool = False) -> str:
    form = filled(desk, desk.fields)
    return render_template(
        "scoring/lab/check.html",
        desk=desk,
        form=form,
        ready=not any(remark.open for remark in form.remarks),
        moved=moved,
        changed=tasks.differs(desk),
        **_words(),
    )


def _submit(stage_id: str) -> Any:
    actor = access.current()
    with transaction():
        desk = entries.desk(actor, stage_id)
        fields = desk.fields
        checked = entries.read(desk, fields)
        # What is sent is what was shown: a colleague may have saved in the meantime.
        moved = revision() != desk.rev
        ready = bool(desk.rev) and not moved and not intake.unanswered(checked, fields)
        why = _send(desk, fields, checked) if ready or _is_closed(desk) else None
    if why is not None:
        return closed(desk, why, {}, 409)
    if not ready:
        return _check_page(entries.desk(actor, stage_id), moved=moved), 409 if moved else 422
    return redirect(url_for("lab.receipt", stage_id=stage_id))


def _is_closed(desk: Desk) -> bool:
    return desk.window(g.arrived_at) is not Window.OPEN


def _send(desk: Desk, fields: Mapping[str, str], checked: intake.Intake) -> Finding | None:
    """Submit unless the standing version says the same already; return why it is too late."""
    try:
        entries.check_open(desk, g.arrived_at)
    except ClosedError as error:
        return error.finding
    if tasks.differs(desk):
        entries.submit(desk, fields, checked, g.arrived_at, access.current())
    return None


@pages.post("/entry/<stage_id>/live")
@laboratory
def live(stage_id: str) -> AnyResponse:
    """Return what the method makes of the readings typed so far; nothing is kept."""
    desk = entries.desk(access.current(), stage_id)
    form = filled(desk, typed(desk))
    groups = {g.prefix: g.live for panel in form.panels for g in panel.groups}
    read_only_done()
    return jsonify(groups)


@pages.get("/receipt/<stage_id>")
@laboratory
def receipt(stage_id: str) -> Any:
    """Show the receipt of the standing version, and its line in the published list."""
    desk = entries.desk(access.current(), stage_id)
    if desk.standing is None:
        return redirect(url_for("lab.entry", stage_id=stage_id))
    return render_template(
        "scoring/lab/receipt.html",
        desk=desk,
        version=desk.standing,
        count=submission.count(desk.standing.document),
        arrived=tasks.arrived(desk.standing),
        line=tasks.line_in_list(desk),
        form=received(desk),
        **_words(),
        open=desk.window(now()) is Window.OPEN,
        changed=tasks.differs(desk),
    )
