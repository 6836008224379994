"""Proficiency-testing statistics after ISO 13528, usable without the application.

Nothing in this package may import Flask, SQLAlchemy or pandas: it is a library of its own.
"""

from scoring.statistics.errors import (
    NotConverged,
    NotFinite,
    StatisticsError,
    TooFewResults,
    ZeroSpread,
)
from scoring.statistics.pairs import (
    Ellipse,
    PairScores,
    between_scores,
    confidence_ellipse,
    pair_scores,
    within_scores,
)
from scoring.statistics.ranking import Entrant, Part, Standing, Term, rank
from scoring.statistics.robust import (
    Quartiles,
    assigned_value_uncertainty,
    mad_e,
    median,
    niqr,
)
from scoring.statistics.scores import z_prime_scores, z_scores
from scoring.statistics.winsorising import RobustEstimate, Stop, algorithm_a

__all__ = [
    "Ellipse",
    "Entrant",
    "NotConverged",
    "NotFinite",
    "PairScores",
    "Part",
    "Quartiles",
    "RobustEstimate",
    "Standing",
    "StatisticsError",
    "Stop",
    "Term",
    "TooFewResults",
    "ZeroSpread",
    "algorithm_a",
    "assigned_value_uncertainty",
    "between_scores",
    "confidence_ellipse",
    "mad_e",
    "median",
    "niqr",
    "pair_scores",
    "rank",
    "within_scores",
    "z_prime_scores",
    "z_scores",
]
