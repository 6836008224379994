"""The contest: raw readings of testing laboratories, reduced, scored and ranked.

A reader starts at :mod:`scoring.cement` (readings to results, pure), :mod:`scoring.evaluation`
(results to scores and ranks, pure), then :mod:`scoring.entries` (what a laboratory submits) and
:mod:`scoring.runs` (when and of what a run is made).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: "Flask") -> None:
    """Register tables, pages and commands of the contest."""
    from scoring.wiring import init_app as wire

    wire(app)
