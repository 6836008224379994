"""Set-up of a year."""

from flask import render_template

from campaign import campaigns
from campaign.views.pages import office, staff


@office.get("/<int:year>/settings")
@staff
def settings(year: int) -> str:
    """Set-up of a year."""
    return render_template(
        "campaign/office/stub.html", campaign=campaigns.of_year(year), tab="settings"
    )
