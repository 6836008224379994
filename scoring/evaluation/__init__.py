"""PURE: a plan and a snapshot of locked entries give assigned values, scores, classes and ranks.

Start at :mod:`scoring.evaluation.evaluate`; on the way of a result come :mod:`~.regroup` and
:mod:`~.results` (readings reduced, policy rows), :mod:`~.consensus` (assigned value, deviation,
guards), :mod:`~.grading` (scores and classes), :mod:`~.pairing` (ZB, ZW, ellipse) and
:mod:`~.standings` (ranking and awards). :mod:`~.plan` is what the organiser decides.
"""
