"""Who takes part in a Quality Month, and when: campaign, places and reporting bodies."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: "Flask") -> None:
    """Register the tables and commands of the campaign."""
    from campaign.wiring import init_app as wire

    wire(app)
