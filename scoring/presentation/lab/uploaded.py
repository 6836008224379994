"""What was found in an uploaded workbook, as its page and the marked file show it."""

from dataclasses import dataclass

from flask_babel import gettext as _

from core.findings import Finding, Level, Marked, blocking
from scoring.intake import Intake, is_reading
from scoring.presentation.lab.template import Mark, is_number


@dataclass(frozen=True)
class Row:
    """One line of what is said about a workbook."""

    cell: str
    typed: str
    problem: str
    #: What to do; empty where the problem says it.
    fix: str
    tone: str


@dataclass(frozen=True)
class Upload:
    """What a workbook says, by field key, and everything to be said about it, by cell."""

    fields: dict[str, str]
    #: Field key → address of its cell.
    cells: dict[str, str]
    findings: tuple[Finding, ...]
    #: Address of a cell → its text.
    texts: dict[str, str]
    checked: Intake

    @property
    def blocked(self) -> bool:
        """Say whether anything keeps the values from being stored."""
        return bool(blocking(self.findings))

    @property
    def rows(self) -> list[Row]:
        """Return what is said, line by line, errors first."""
        return [_row(said, self.texts.get(said.address, "")) for said in self.findings]

    @property
    def marks(self) -> dict[str, Mark]:
        """Return the colour of each field something is said about, and the sentences."""
        keys = {at: key for key, at in self.cells.items()}
        found: dict[str, Mark] = {}
        for said in self.findings:
            key, text = keys.get(said.address, ""), said.text(_)
            if key in found:
                found[key] = (found[key][0], f"{found[key][1]}\n{text}")
            elif key and said.level is not Level.INFORM:
                found[key] = ("wrong" if said.level is Level.BLOCK else "asked", text)
        return found

    @property
    def shown(self) -> dict[str, str]:
        """Return the fields with the sample numbers that were typed over ours."""
        typed = {key: self.texts[at] for key, at in self.cells.items() if is_number(key)}
        return {**self.fields, **typed}

    @property
    def counts(self) -> dict[str, int]:
        """Return how many readings were read, how many are right, and the errors and remarks.

        Errors and remarks are those of the whole workbook, as many as its table has rows of them.
        """
        filled = {at for key, at in self.cells.items() if is_reading(key) and self.fields.get(key)}
        wrong = [said.address for said in self.findings if said.level is Level.BLOCK]
        asked = [said.address for said in self.findings if said.level is Level.WARN]
        right = filled - {*wrong, *asked}
        return {"n": len(filled), "right": len(right), "wrong": len(wrong), "asked": len(asked)}


def _row(said: Finding, typed: str) -> Row:
    tone = {Level.BLOCK: "bad", Level.WARN: "warn", Level.INFORM: "info"}[said.level]
    if "fix" not in said.values:
        return Row(said.address, typed, said.text(_), "", tone)
    plain = {name: text for name, text in said.values.items() if not isinstance(text, Marked)}
    problem, fix = (_(str(said.values[name])).format(**plain) for name in ("problem", "fix"))
    return Row(said.address, typed, problem, fix, tone)
