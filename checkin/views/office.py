"""Pages of organisers: occasions, who came, gates, tickets put right, exports."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from campaign.bodies import places
from checkin import occasions, registrations, reports, tickets
from checkin import undo as undoing
from checkin.forms import OccasionForm
from checkin.models import Device, Occasion, Registration, Scan
from checkin.presentation import OccasionCard, qr_address, ticket_card
from checkin.sheet import export
from checkin.views.attendee import attendance_of
from core import access, accounts, documents
from core.access import Role, Scope
from core.config import settings
from core.db import db, read_only_done, transaction
from core.errors import N_, InvalidInput, NotFound
from core.i18n import is_chinese
from core.sending import send_made

pages = Blueprint("office", __name__, url_prefix="/office")
staff = access.roles(Role.ADMIN, Role.OFFICE, Role.ORGANISER)
#: Rows of the attendance list on one page.
PAGE = 100


def mine(occasion_id: str) -> Occasion:
    """Return an occasion this account runs; any other is unknown."""
    return occasions.find_for(occasion_id, access.current())


@pages.get("/")
@staff
def home() -> str:
    """List the occasions this account runs."""
    found = occasions.managed_by(access.current())
    return render_template(
        "checkin/office/home.html",
        occasions=[(OccasionCard(o), reports.counts(o)) for o in found],
    )


def _filled(form: OccasionForm) -> OccasionForm:
    chinese = is_chinese()
    form.place.choices = [("", _("No city"))] + [
        (str(place.id), place.name if chinese else place.name_en) for place in places()
    ]
    read_only_done()
    return form


@pages.route("/occasions/new", methods=["GET", "POST"])
@staff
def new() -> Any:
    """Create an occasion on one screen; it works at the door at once."""
    form = _filled(OccasionForm())
    if form.validate_on_submit():
        try:
            with transaction():
                actor = access.current()
                occasion = occasions.create(form.details(), actor)
                if not actor.has(Role.ADMIN, Role.OFFICE):
                    user = db.session.get_one(accounts.User, actor.id)
                    accounts.grant(user, Role.ORGANISER, Scope.OCCASION, occasion.id)
        except InvalidInput as error:
            form.add_problems(error.fields)
        else:
            flash(
                _("The session is ready: people can register, and the door can check in."),
                "success",
            )
            return redirect(url_for("office.occasion", occasion_id=occasion.public_id))
    page = render_template("checkin/office/occasion_form.html", form=form, occasion=None)
    return page, 422 if form.errors else 200


@pages.route("/occasions/<occasion_id>/edit", methods=["GET", "POST"])
@staff
def edit(occasion_id: str) -> Any:
    """Change an occasion; tickets stay valid."""
    form = _filled(OccasionForm())
    if form.validate_on_submit():
        try:
            with transaction():
                occasions.change(mine(occasion_id), form.details(), access.current())
        except InvalidInput as error:
            form.add_problems(error.fields)
        else:
            flash(_("The session is changed. Tickets stay valid."), "success")
            return redirect(url_for("office.occasion", occasion_id=occasion_id))
    found = mine(occasion_id)
    if request.method == "GET":
        form.show(found)
    page = render_template(
        "checkin/office/occasion_form.html", form=form, occasion=OccasionCard(found)
    )
    return page, 422 if form.errors else 200


@pages.get("/occasions/<occasion_id>")
@staff
def occasion(occasion_id: str) -> str:
    """Show who is there and who is not: counts, arrivals, the list."""
    found = mine(occasion_id)
    show = _one_of("show", reports.SHOW)
    sort = _one_of("sort", reports.SORT)
    down = request.args.get("dir") == "desc"
    text = request.args.get("q", "").strip()[:50]
    listed = reports.rows(found, show=show, text=text, sort=sort, down=down)
    came = reports.arrivals(found)
    pages_ = max(1, -(-len(listed) // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages_)
    return render_template(
        "checkin/office/occasion.html",
        occasion=OccasionCard(found),
        counts=reports.counts(found),
        chart=reports.chart(came),
        arrivals=came,
        rows=listed[(page - 1) * PAGE : page * PAGE],
        total=len(listed),
        page=page,
        pages=pages_,
        show=show,
        sort=sort,
        direction="desc" if down else "asc",
        q=text,
        public_url=settings().public_url + url_for("attendee.occasion", occasion_id=occasion_id),
    )


def _one_of(name: str, allowed: tuple[str, ...]) -> str:
    value = request.args.get(name, "")
    return value if value in allowed else allowed[0]


@pages.post("/occasions/<occasion_id>/export")
@staff
def export_list(occasion_id: str) -> AnyResponse:
    """Return the attendance list as XLSX, CSV or a numbered PDF; full mobiles are logged."""
    wish = request.form.get("format", "xlsx")
    if wish == "pdf":
        documents.fonts_ok()  # warms the typesetter before the door has to wait for it
    with transaction():
        make = export(
            mine(occasion_id),
            wish if wish in ("xlsx", "csv", "pdf") else "xlsx",
            access.current(),
            full_mobiles=request.form.get("mobiles") == "full",
        )
    return send_made(make())


def person_of(occasion: Occasion, registration_id: str) -> Registration:
    """Return a person on the list of an occasion, or raise :class:`NotFound`."""
    registration = db.session.scalar(
        sa.select(Registration).filter_by(occasion_id=occasion.id, public_id=registration_id)
    )
    if registration is None:
        raise NotFound("unknown_person", N_("There is no such person on this list. Go back to it."))
    return registration


@pages.get("/occasions/<occasion_id>/people/<registration_id>")
@staff
def person(occasion_id: str, registration_id: str) -> str:
    """Show one person: the ticket, what happened at the door, what can be put right."""
    found = mine(occasion_id)
    registration = person_of(found, registration_id)
    token = tickets.holder_token(registration, found)
    history = db.session.execute(
        sa.select(Scan, Device.name)
        .outerjoin(Device, Device.id == Scan.device_id)
        .where(Scan.registration_id == registration.id)
        .order_by(Scan.id)
    ).all()
    undone = {scan.annuls_id for scan, _gate in history}
    return render_template(
        "checkin/office/person.html",
        occasion=OccasionCard(found),
        registration=registration,
        ticket=ticket_card(
            registration, attendance_of(registration), qr_address(registration, found), token
        ),
        holder_url=settings().public_url + url_for("attendee.ticket", token=token),
        history=history,
        undone=undone,
    )


@pages.post(
    "/occasions/<occasion_id>/people/<registration_id>/<any(reissue, block, unblock, cancel):act>"
)
@staff
def change_person(occasion_id: str, registration_id: str, act: str) -> AnyResponse:
    """Put a ticket right: a new one for a lost one, bar it, or give the place back."""
    actor = access.current()
    with transaction():
        found = mine(occasion_id)
        registration = person_of(found, registration_id)
        if act == "reissue":
            tickets.reissue(registration, found, actor)
        elif act == "cancel":
            registrations.withdraw(registration, actor)
        else:
            registrations.set_blocked(registration, act == "block", actor)
    said = {
        "reissue": _("A new ticket is made; the old one is refused from now on."),
        "block": _("The ticket is blocked at the door."),
        "unblock": _("The ticket is valid again."),
        "cancel": _("The registration is cancelled and the place is free."),
    }
    flash(said[act], "success")
    return redirect(
        url_for("office.person", occasion_id=occasion_id, registration_id=registration_id)
    )


@pages.post("/occasions/<occasion_id>/people/<registration_id>/undo/<scan_id>")
@staff
def undo(occasion_id: str, registration_id: str, scan_id: str) -> AnyResponse:
    """Take a check-in back from the office; the record of it stays."""
    actor = access.current()
    with transaction():
        registration = person_of(mine(occasion_id), registration_id)
        scan = db.session.scalar(
            sa.select(Scan).filter_by(public_id=scan_id, registration_id=registration.id)
        )
        if scan is None:
            raise NotFound("unknown_scan", N_("There is no such record. Scan the ticket again."))
        undoing.undo(scan, device_id=None, actor_id=actor.id)
    flash(_("The check-in is undone; the record of it stays."), "success")
    return redirect(
        url_for("office.person", occasion_id=occasion_id, registration_id=registration_id)
    )
