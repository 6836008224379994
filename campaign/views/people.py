"""Officers on reply slips: the full numbers of one of them, for a reason."""

from typing import Any

import sqlalchemy as sa
from flask import render_template

from campaign.models import Body, Campaign, Filing, SlipPerson
from campaign.views.pages import office, staff
from core import access, unmasking
from core.db import db, transaction
from core.errors import N_, NotFound
from core.forms import UnmaskForm


def _find(public_id: str) -> tuple[SlipPerson, Filing, Body, Campaign]:
    row = db.session.execute(
        sa.select(SlipPerson, Filing, Body, Campaign)
        .join(Filing, Filing.id == SlipPerson.filing_id)
        .join(Body, Body.id == Filing.body_id)
        .join(Campaign, Campaign.id == Body.campaign_id)
        .where(SlipPerson.public_id == public_id)
    ).first()
    if row is None:
        raise NotFound("unknown_person", N_("There is no such person on this list. Go back to it."))
    return row[0], row[1], row[2], row[3]


@office.route("/people/<person_id>/unmask", methods=["GET", "POST"])
@staff
def unmask(person_id: str) -> Any:
    """Ask for the reason, and show the full numbers of one officer once."""
    form, shown = UnmaskForm(), False
    if form.validate_on_submit():
        actor = access.current()
        unmasking.count(actor)
        with transaction():
            person, filing, body, campaign = _find(person_id)
            unmasking.note("slip_person", person.public_id, form.reason.data, actor)
        shown = True
    else:
        person, filing, body, campaign = _find(person_id)
    page = render_template(
        "campaign/office/unmask.html",
        form=form,
        shown=shown,
        person=person,
        filing=filing,
        body=body,
        campaign=campaign,
    )
    return page, 422 if form.errors else 200
