"""The door: occasions, registrations, tickets, scans and attendance.

A reader starts at :mod:`checkin.admission` (the rules of the door, pure), then
:mod:`checkin.scans` (one scan from request to record) and :mod:`checkin.models`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: "Flask") -> None:
    """Register tables, pages, the scan API and the commands of the door."""
    from checkin.wiring import init_app as wire

    wire(app)
