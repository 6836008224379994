"""The full mobile of one registered person, for a reason."""

from typing import Any

from flask import render_template

from checkin import retention
from checkin.presentation import OccasionCard
from checkin.views.office import mine, pages, person_of
from core import access, unmasking
from core.access import Role
from core.db import transaction
from core.forms import UnmaskForm


@pages.route(
    "/occasions/<occasion_id>/people/<registration_id>/unmask",
    methods=["GET", "POST"],
    endpoint="unmask",
)
@access.roles(Role.ADMIN, Role.OFFICE)
def unmask(occasion_id: str, registration_id: str) -> Any:
    """Ask for the reason, and show the full mobile of one person once."""
    form, shown = UnmaskForm(), False
    if form.validate_on_submit():
        actor = access.current()
        unmasking.count(actor)
        with transaction():
            occasion = mine(occasion_id)
            registration = person_of(occasion, registration_id)
            unmasking.note("registration", registration.public_id, form.reason.data, actor)
        shown = True
    else:
        occasion = mine(occasion_id)
        registration = person_of(occasion, registration_id)
    page = render_template(
        "checkin/office/unmask.html",
        form=form,
        shown=shown,
        occasion=OccasionCard(occasion),
        registration=registration,
        mobile="" if retention.is_forgotten(registration) else registration.mobile or "",
    )
    return page, 422 if form.errors else 200
