"""Figures by task and city."""

from flask import render_template

from campaign import campaigns
from campaign.views.pages import office, staff


@office.get("/<int:year>/figures")
@staff
def figures(year: int) -> str:
    """Figures by task and city."""
    return render_template(
        "campaign/office/stub.html", campaign=campaigns.of_year(year), tab="figures"
    )
