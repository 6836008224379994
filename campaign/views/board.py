"""The province's board."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from campaign import campaigns
from campaign.views.pages import office, staff


@office.get("/<int:year>/")
@staff
def board(year: int) -> str:
    """The province's board."""
    return render_template(
        "campaign/office/stub.html", campaign=campaigns.of_year(year), tab="board"
    )


@office.get("/")
@staff
def home() -> Response:
    """Lead to the board of the current year."""
    return redirect(url_for("month.board", year=campaigns.current().year))
