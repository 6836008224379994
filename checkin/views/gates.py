"""Pages of the gates of an occasion: add one, show its pairing code, take a phone's right away."""

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from checkin import devices, occasions
from checkin.forms import PROFILES, GateForm
from checkin.models import Device, Occasion
from checkin.models.occasion import Profile
from checkin.presentation import OccasionCard
from checkin.views.office import mine, pages, staff
from core import access, qr
from core.config import settings
from core.db import transaction
from core.errors import Conflict

__all__ = ["pages"]


@pages.route("/occasions/<occasion_id>/gates", methods=["GET", "POST"])
@staff
def gates(occasion_id: str) -> Any:
    """List the gates and add one."""
    form = GateForm()
    if form.validate_on_submit():
        try:
            with transaction():
                device = devices.add(
                    mine(occasion_id),
                    form.name.data or "",
                    Profile(form.profile.data),
                    access.current(),
                )
        except Conflict as error:
            form.name.errors = [_(error.message)]
        else:
            return redirect(
                url_for("office.gate", occasion_id=occasion_id, gate_id=device.public_id)
            )
    found = mine(occasion_id)
    page = render_template(
        "checkin/office/gates.html",
        form=form,
        occasion=OccasionCard(found),
        gates=occasions.devices(found),
        profiles=PROFILES,
    )
    return page, 422 if form.errors else 200


@pages.get("/occasions/<occasion_id>/gates/<gate_id>")
@staff
def gate(occasion_id: str, gate_id: str) -> str:
    """Show the pairing QR and the PIN of a gate until a phone has taken it."""
    found = mine(occasion_id)
    device = devices.find(found, gate_id)
    return render_template(
        "checkin/office/gate.html",
        occasion=OccasionCard(found),
        gate=device,
        profile=PROFILES[device.profile],
        pin=devices.pin(device, found),
        pair_url=_pair_url(device, found),
    )


def _pair_url(device: Device, occasion: Occasion) -> str:
    token = devices.pair_token(device, occasion)
    return settings().public_url + url_for("door.pair", token=token)


@pages.get("/occasions/<occasion_id>/gates/<gate_id>/qr.png")
@staff
def gate_qr(occasion_id: str, gate_id: str) -> Response:
    """Return the pairing QR as a picture."""
    found = mine(occasion_id)
    link = _pair_url(devices.find(found, gate_id), found)
    return Response(qr.png(link, "M", scale=8), mimetype="image/png")


@pages.post("/occasions/<occasion_id>/gates/<gate_id>/<any(renew, revoke):act>")
@staff
def change_gate(occasion_id: str, gate_id: str, act: str) -> AnyResponse:
    """Make a new pairing code, or take the phone's right away."""
    with transaction():
        found = mine(occasion_id)
        device = devices.find(found, gate_id)
        if act == "renew":
            devices.renew(device, found, access.current())
        else:
            devices.revoke(device, access.current())
    if act == "renew":
        return redirect(url_for("office.gate", occasion_id=occasion_id, gate_id=gate_id))
    flash(_("The phone of this gate can check in nobody from now on."), "success")
    return redirect(url_for("office.gates", occasion_id=occasion_id))
