"""Pages of a door phone: pairing, scanner, search, verdict, undo, walk-in."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from checkin import code, devices, registrations, scans
from checkin import undo as undoing
from checkin.admission import State, Word
from checkin.devices import Gate
from checkin.forms import PinForm, WalkInForm
from checkin.models import Attendance, Occasion, Registration
from checkin.models.attendance import Source
from checkin.presentation import Counts, verdict_card
from checkin.views import scanning
from core import access, web
from core.config import settings
from core.db import db, read_only_done, transaction
from core.errors import N_, AppError, InvalidInput

pages = Blueprint("door", __name__, url_prefix="/door")
#: The registration's state in words, for the list of found people.
STATE_WORDS = {
    State.DRAFT: N_("Not confirmed"),
    State.ACCEPTED: N_("Not checked in yet"),
    State.WAITLISTED: N_("On the waiting list"),
    State.CANCELLED: N_("Registration cancelled"),
    State.REPLACED: N_("Someone else comes in your place"),
}


def _gate() -> Gate:
    gate: Gate = access.current().detail
    return gate


@pages.route("/pair/<token>", methods=["GET", "POST"])
@access.link
def pair(token: str) -> Any:
    """Ask for the PIN and make this browser the phone of a gate; looking spends nothing."""
    form = PinForm()
    wrong = False
    if form.validate_on_submit():
        with transaction():
            device, occasion = devices.by_pair_token(token)
            wrong = not devices.try_pin(token, form.pin.data or "")
            cookie = devices.cookie(device, occasion)
        if not wrong:
            return _paired(cookie)
        form.pin.errors = [_("This PIN is not right. Compare it with the organiser's screen.")]
    device, occasion = devices.by_pair_token(token)
    read_only_done()
    mine = access.current("door")
    if mine is not access.ANONYMOUS and mine.id == device.id:
        return redirect(url_for("door.scanner"))
    page = render_template(
        "checkin/door/pair.html",
        form=form,
        gate=device.name,
        occasion=occasion,
        spent=device.paired_at is not None,
        in_wechat="MicroMessenger" in request.headers.get("User-Agent", ""),
    )
    return page, 422 if form.errors else 200


def _paired(cookie: str) -> Response:
    response: Response = redirect(url_for("door.scanner"))  # type: ignore[assignment]
    response.set_cookie(
        scanning.cookie_name(),
        cookie,
        max_age=30 * 86400,
        secure=settings().secure,
        httponly=True,
        samesite="Lax",
    )
    return response


@pages.get("/")
@access.actor("door")
def scanner() -> str:
    """Show the scanner; typing and search work without the camera and without JavaScript."""
    web.use_scanner_policy()
    gate = _gate()
    return render_template(
        "checkin/door/scanner.html",
        gate=gate.name,
        occasion={"title": gate.occasion_title},
        counts=_counts(gate),
    )


def _counts(gate: Gate) -> Counts:
    present = (
        sa.select(sa.func.count())
        .select_from(Attendance)
        .where(Attendance.checkpoint_id == gate.checkpoint_id)
        .scalar_subquery()
    )
    row = db.session.execute(
        sa.select(Occasion.taken, present).where(Occasion.id == gate.occasion_id)
    ).one()
    return Counts(*row)


@pages.post("/bearer")
@access.actor("door")
def bearer() -> Response:
    """Hand the page its bearer secret for the API; asked again it is the same."""
    gate = _gate()
    return jsonify(
        token=devices.bearer(gate),
        checkpoint=gate.checkpoint,
        occasion=gate.occasion_title,
        gate=gate.name,
        url=settings().public_url,
    )


@pages.get("/search")
@access.actor("door")
def search() -> Any:
    """Find a person by whatever was typed; a whole code goes straight to its check-in page."""
    text = request.args.get("q", "").strip()[:100]
    if normal := code.normalise(text):
        return redirect(url_for("attendee.show", text=normal))
    found: list[dict[str, Any]] = []
    sentence, status = "", 200
    if text:
        try:
            found = [_hit(*row) for row in registrations.search(_gate().occasion_id, text)]
        except InvalidInput as error:
            sentence, status = _(error.message), error.status
    page = render_template(
        "checkin/door/search.html",
        q=text,
        results=found,
        problem=sentence,
        source="typed" if code.normalise_short(text) else "search",
    )
    return page, status


def _hit(registration: Registration, attendance: Attendance | None) -> dict[str, Any]:
    state = N_("Ticket on hold") if registration.blocked else STATE_WORDS[registration.state]
    return {
        "public_id": registration.public_id,
        "name": registration.name,
        "employer": registration.employer,
        "short_code": registration.short_code,
        "state_label": _("Has checked in") if attendance else _(state),
        "checked_in_at": attendance.first_in if attendance else None,
        "gate": attendance.gate if attendance else None,
        "tail": (registration.mobile or "")[-4:],
        "nonce": scanning.nonce(),
    }


@pages.post("/check-in")
@access.actor("door")
def check_in() -> Response:
    """Record the scan of a ticket page or of a person found, then show the verdict."""
    gate = _gate()
    source = request.form.get("source", "")
    answer = scanning.record(
        scans.Request(
            checkpoint=gate.checkpoint,
            nonce=request.form.get("nonce", "")[:64] or scanning.nonce(),
            source=Source(source) if source in ("qr", "typed", "search") else Source.SEARCH,
            code=request.form.get("code"),
            registration=request.form.get("registration"),
        ),
        gate,
    )
    return redirect(url_for("door.verdict", scan_id=answer.scan))  # type: ignore[return-value]


@pages.get("/verdict/<scan_id>")
@access.actor("door")
def verdict(scan_id: str) -> str:
    """Show the stored answer of a scan, full screen."""
    scan = scans.find(scan_id, _gate())
    card = verdict_card(scans.stored(scan), undone=undoing.is_undone(scan))
    return render_template("checkin/door/verdict.html", verdict=card)


@pages.post("/undo")
@access.actor("door")
def undo() -> Any:
    """Take an admission back; the page's script asks for JSON, a form gets the scanner."""
    gate = _gate()
    wants_json = request.accept_mimetypes.best == "application/json"
    try:
        with transaction():
            scan = scans.find(request.form.get("scan", ""), gate)
            person = scans.stored(scan).attendee
            undoing.undo(scan, device_id=gate.device_id)
    except AppError as error:
        if not wants_json:
            raise
        return jsonify(code=error.code, message=_(error.message)), error.status
    counts = _counts(gate)
    if wants_json:
        return jsonify(ok=True, counts={"expected": counts.expected, "present": counts.present})
    return render_template(
        "checkin/door/verdict.html",
        verdict={
            "word": "undone",
            "name": person.name if person else "",
            "unit": person.unit if person else "",
            "sentence": _("The check-in is undone; the record of it stays."),
            "since": None,
            "gate": gate.name,
            "counts": counts,
            "undo_scan": None,
        },
    )


@pages.route("/walk-in", methods=["GET", "POST"])
@access.actor("door")
def walk_in() -> Any:
    """Enter somebody who is not on the list and admit them at once."""
    gate, form = _gate(), WalkInForm()
    over_capacity = False
    if form.validate_on_submit():
        answer = scanning.record(
            scans.Request(
                checkpoint=gate.checkpoint,
                nonce=request.form.get("nonce", "")[:64] or scanning.nonce(),
                source=Source.WALK_IN,
                walk_in=scans.WalkIn(
                    name=form.name.data or "",
                    unit=form.unit.data or "",
                    mobile=form.mobile.data or None,
                    reason=form.reason.data or "",
                    supervisor=form.supervisor.data or "",
                ),
            ),
            gate,
        )
        if answer.verdict.word is not Word.REVIEW:
            return redirect(url_for("door.verdict", scan_id=answer.scan))
        over_capacity = True
        form.supervisor.errors = [_("The session is full. Enter who allows this entry.")]
    page = render_template(
        "checkin/door/walk_in.html",
        form=form,
        over_capacity=over_capacity or registrations.is_full(gate.occasion_id),
        nonce=scanning.nonce(),
    )
    return page, 422 if form.errors else 200


@pages.post("/leave")
@access.actor("door")
def leave() -> Response:
    """Unpair this phone."""
    with transaction():
        devices.leave(_gate())
    response: Response = redirect(url_for("attendee.home"))  # type: ignore[assignment]
    response.delete_cookie(scanning.cookie_name())
    return response
