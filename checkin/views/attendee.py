"""Pages of attendees: plain HTML for a phone, no script, made to work inside WeChat."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from campaign.bodies import places
from campaign.retention import months_of
from checkin import calendar, code, occasions, registrations, tickets
from checkin.forms import RegisterForm, WithdrawForm
from checkin.models import Attendance, Occasion, Registration
from checkin.presentation import OccasionCard, qr_address, ticket_card
from checkin.ticket_image import picture
from checkin.views import scanning
from core import access, qr, throttle
from core.config import settings
from core.db import db, read_only_done, transaction
from core.errors import Conflict
from core.i18n import is_chinese

pages = Blueprint("attendee", __name__)
#: Registrations from one address: thousands of phones share the addresses of a mobile network.
PER_ADDRESS = "2000/hour"


@pages.get("/")
@access.public
def home() -> str:
    """List what people may come to."""
    return render_template(
        "checkin/attendee/home.html", occasions=[OccasionCard(o) for o in occasions.listed()]
    )


@pages.get("/o/<occasion_id>")
@access.public
def occasion(occasion_id: str) -> str:
    """Show one occasion."""
    found = occasions.find(occasion_id)
    return render_template("checkin/attendee/occasion.html", occasion=OccasionCard(found))


@pages.route("/o/<occasion_id>/register", methods=["GET", "POST"])
@access.public
def register(occasion_id: str) -> Any:
    """Take a place and go to the ticket; what was typed stays when something is wrong."""
    form = RegisterForm()
    form.place.choices = _place_choices()
    read_only_done()
    if form.validate_on_submit():
        throttle.hit("register", request.remote_addr or "", limit=PER_ADDRESS)
        try:
            return _registered(occasion_id, _person(form))
        except Conflict as error:
            form.form_errors.append(_(error.message, **error.params))
    page = render_template(
        "checkin/attendee/register.html",
        form=form,
        occasion=OccasionCard(occasions.find(occasion_id)),
        privacy=privacy_notice(occasions.find(occasion_id)),
    )
    return page, 200 if request.method == "GET" else 422


def _registered(occasion_id: str, person: registrations.Person) -> AnyResponse:
    with transaction():
        found = occasions.find(occasion_id)
        registration, new = registrations.register(found, person)
        token = tickets.holder_token(registration, found)
    if not new:
        flash(_("You are registered already: this is your ticket."), "success")
    return redirect(url_for("attendee.ticket", token=token))


def _person(form: RegisterForm) -> registrations.Person:
    return registrations.Person(
        name=form.name.data or "",
        employer=form.employer.data or "",
        mobile=form.mobile.data,
        post=form.post.data or "",
        place_id=int(form.place.data),
    )


def _place_choices() -> list[tuple[str, str]]:
    chinese = is_chinese()
    return [("", _("Please choose"))] + [
        (str(place.id), place.name if chinese else place.name_en) for place in places()
    ]


def privacy_notice(occasion: Occasion) -> list[tuple[str, str]]:
    """Return who asks, for what, how long it is kept, and what a person may ask for."""
    return [
        (_("Who"), _("The host of this session, named on its page.")),
        (
            _("What for"),
            _(
                "To prepare your place and ticket, to check you in at the door, and to "
                "reach you when something changes."
            ),
        ),
        (
            _("How long"),
            _(
                "Mobile numbers are deleted %(months)s months after the session; the record of "
                "who came stays.",
                months=months_of(occasion.campaign_id),
            ),
        ),
        (
            _("Your rights"),
            _(
                "On the page of your ticket you can see, correct, copy and delete your data; "
                "the contact person helps."
            ),
        ),
    ]


@pages.get("/my/<token>")
@access.link
def ticket(token: str) -> str:
    """Show the holder's own page, always as things stand now."""
    registration, found = tickets.by_holder(token)
    return render_template(
        "checkin/attendee/ticket.html",
        occasion=OccasionCard(found),
        ticket=ticket_card(
            registration, attendance_of(registration), qr_address(registration, found), token
        ),
    )


def attendance_of(registration: Registration) -> Attendance | None:
    """Return the first attendance of a ticket, if its holder has come."""
    return db.session.scalar(
        sa.select(Attendance)
        .where(Attendance.registration_id == registration.id)
        .order_by(Attendance.first_in)
        .limit(1)
    )


@pages.get("/my/<token>/ticket.png")
@access.link
def image(token: str) -> Response:
    """Return the ticket as one picture to keep; a real address, since WeChat refuses blobs."""
    registration, found = tickets.by_holder(token)
    return Response(picture(registration, found), mimetype="image/png")


@pages.get("/my/<token>/calendar.ics", endpoint="calendar")
@access.link
def calendar_file(token: str) -> Response:
    """Return the appointment for the phone's calendar."""
    _registration, found = tickets.by_holder(token)
    link = settings().public_url + url_for("attendee.ticket", token=token)
    return Response(
        calendar.event(found, link),
        mimetype="text/calendar",
        headers={"Content-Disposition": "attachment; filename=quality-month.ics"},
    )


@pages.route("/my/<token>/withdraw", methods=["GET", "POST"])
@access.link
def withdraw(token: str) -> Any:
    """Give the place back after one question."""
    form = WithdrawForm()
    if form.validate_on_submit():
        with transaction():
            registration, _found = tickets.by_holder(token)
            registrations.withdraw(registration)
        flash(_("Your place is given back. Thank you for telling us."), "success")
        return redirect(url_for("attendee.ticket", token=token))
    registration, found = tickets.by_holder(token)
    return render_template(
        "checkin/attendee/withdraw.html",
        form=form,
        occasion=OccasionCard(found),
        ticket=ticket_card(registration, attendance_of(registration), "", token),
    )


@pages.get("/q/<text>.png", endpoint="qr")
@access.link
def qr_picture(text: str) -> Response:
    """Return the QR of a valid ticket code as a picture."""
    registration, found = tickets.by_code(text)
    return Response(
        qr.png(tickets.link_of(registration, found), "M", scale=10), mimetype="image/png"
    )


@pages.get("/T/<text>")
@pages.get("/t/<text>")
@access.link
def show(text: str) -> str:
    """Show the masked ticket; a phone of the door gets the check-in page instead."""
    registration, found = tickets.by_code(text)
    door = access.current("door")
    came, picture_url = attendance_of(registration), qr_address(registration, found)
    if door is access.ANONYMOUS:
        return render_template(
            "checkin/attendee/masked.html",
            occasion=OccasionCard(found),
            ticket=ticket_card(registration, came, picture_url),
        )
    ours = door.detail.occasion_id == registration.occasion_id
    return render_template(
        "checkin/door/check_in.html",
        occasion=found,
        gate=door.name,
        ticket=ticket_card(registration, came, picture_url, named=ours),
        code=code.normalise(text),
        nonce=scanning.nonce(),
        other_session=not ours,
    )
