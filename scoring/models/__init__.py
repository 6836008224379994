"""Tables of the contest, in the order a round meets them.

The table of participant codes is missing here on purpose: only :mod:`scoring.codes` reads it.
"""

from scoring.models.entry import Entry, EntryVersion
from scoring.models.participation import Participation, Sample
from scoring.models.round import Plan, Round, Stage
from scoring.models.run import Run

__all__ = ["Entry", "EntryVersion", "Participation", "Plan", "Round", "Run", "Sample", "Stage"]
