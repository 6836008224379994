"""Invitations of the bodies."""

from flask import render_template

from campaign import campaigns
from campaign.views.pages import office, staff


@office.get("/<int:year>/invitations")
@staff
def invitations(year: int) -> str:
    """Invitations of the bodies."""
    return render_template(
        "campaign/office/stub.html", campaign=campaigns.of_year(year), tab="invitations"
    )
