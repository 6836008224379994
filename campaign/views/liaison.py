"""Pages of a liaison officer: what is due, and filing it."""

from flask import render_template

from campaign.views.pages import body, officer


@body.get("/")
@officer
def home() -> str:
    """Show the bodies the account files for."""
    return render_template("campaign/body/home.html")
