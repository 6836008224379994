"""Readings written as short as a table of the method writes them."""

from decimal import Decimal

from scoring.cement.reduction import Reading


def row(quantity: str, text: str, attempt: int = 1) -> tuple[Reading, ...]:
    """Return readings 1, 2, … of one quantity: ``row("load", "76.4 77.2")``; ``-`` is missing."""
    return tuple(
        Reading(quantity, idx, attempt, Decimal(value), value)
        for idx, value in enumerate(text.split(), 1)
        if value != "-"
    )


def loads(text: str) -> tuple[Reading, ...]:
    """Return the loads of prisms or halves."""
    return row("load", text)


def sieve(text: str, factor: str = "1.00") -> tuple[Reading, ...]:
    """Return the residues of a sieve and its factor."""
    return (Reading("sieve_factor", 0, 1, Decimal(factor), factor), *row("residue", text))


def needles(text: str, attempt: int = 1) -> tuple[Reading, ...]:
    """Return A and C of two specimens that expanded by these mm: ``needles("5.0 5.5")``."""
    grown = [str(10 + Decimal(value)) for value in text.split()]
    return row("A", "10 10", attempt) + row("C", " ".join(grown), attempt)
