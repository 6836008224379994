"""Reminders."""

from flask import render_template

from campaign import campaigns
from campaign.views.pages import office, staff


@office.get("/<int:year>/reminders")
@staff
def reminders(year: int) -> str:
    """Reminders."""
    return render_template(
        "campaign/office/stub.html", campaign=campaigns.of_year(year), tab="reminders"
    )
