"""PURE: the coded messages of the contest, filled in: which codes there are is in ``sentences``.

:func:`finding` fills a sentence. A value that is a sentence itself (``problem``, ``fix``,
``rule``) or a list is marked, so that it is worded where the finding is shown; what was stored as
plain text is marked again when the finding is made again.
"""

import unicodedata

from core.findings import Finding, Level, Listed, Marked
from scoring.messages.parts import PROBLEMS, RULES, WORDINGS
from scoring.messages.sentences import MESSAGES, Message

__all__ = ["MESSAGES", "PROBLEMS", "RULES", "WORDINGS", "finding", "of_cell", "of_sheet_cell"]

#: Problems of a number, which E02 words for a form.
_NO_NUMBER = {"not_a_number", "with_unit"}
_SAID: dict[str, type[str]] = {
    "problem": Marked, "fix": Marked, "rule": Marked, "list": Listed,
}  # fmt: skip


def finding(
    code: str, address: str, level: Level | None = None, *, wording: str = "", **values: str
) -> Finding:
    """Return the finding of a code at an address, its level changed where ``level`` is given.

    ``values`` are ready-made texts; more than the sentence needs may be given, because the
    translation may name others. Raises ``KeyError`` for a code, a wording or a value that is
    missing.
    """
    known = MESSAGES[code]
    if wording:
        known = Message(known.level, WORDINGS[code, wording])
    missing = known.places - values.keys()
    if missing:
        raise KeyError(f"{code} needs {', '.join(sorted(missing))}")
    told = {name: _SAID.get(name, str)(text) for name, text in values.items()}
    return Finding(code, level or known.level, address, known.text, told)


def of_cell(address: str, typed: str, problem: str, label: str) -> Finding:
    """Return what is wrong with a field of a form that holds something unreadable.

    ``problem`` is what :func:`scoring.cement.number.parse` said, or a key of :data:`PROBLEMS`;
    ``label`` is what the form calls the cell.
    """
    if problem == "decimal_comma":
        point = unicodedata.normalize("NFKC", typed).strip().replace(",", ".")
        return finding("E03", address, v=typed, alt=point)
    if problem in PROBLEMS and problem not in _NO_NUMBER:
        return of_sheet_cell(address, typed, problem)
    return finding("E02", address, i=label, v=typed)


def of_sheet_cell(cell: str, typed: str, problem: str, alt: str = "") -> Finding:
    """Return E20 for a cell of a sheet such as ``B7``; ``alt`` is the unit that may be meant.

    A problem without a pair of its own means that the cell holds no number.
    """
    said, fix = PROBLEMS.get(problem, PROBLEMS["not_a_number"])
    return finding("E20", cell, cell=cell, v=typed, problem=said, fix=fix, alt=alt)
