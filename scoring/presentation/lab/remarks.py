"""Findings as people read them: one sentence, the place it speaks of, and what answers it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from core.findings import Finding, Level
from scoring import intake
from scoring.cement import catalogue
from scoring.intake import Intake

#: Findings that the state of the set answers.
BY_STATE = (*intake.VOID, "E04", "E38")


@dataclass(frozen=True)
class Remark:
    """One finding, worded."""

    code: str
    level: Level
    #: Key of the field it speaks of; empty for the whole entry.
    address: str
    place: str
    text: str
    #: Key of the field that answers a warning; empty where nothing does.
    answer: str
    #: The reason that was given, if any.
    reason: str
    #: It keeps the entry from being submitted.
    open: bool

    @property
    def blocks(self) -> bool:
        """Say whether it is an error."""
        return self.level is Level.BLOCK

    @property
    def asks(self) -> bool:
        """Say whether it is answered by a status or a reason."""
        return self.level is Level.WARN or self.code in BY_STATE

    @property
    def tone(self) -> str:
        """Return the tone of its sign."""
        return {Level.BLOCK: "bad", Level.WARN: "warn", Level.INFORM: "info"}[self.level]

    @property
    def word(self) -> str:
        """Return what it is, in one word."""
        words: dict[Level, str] = {
            Level.BLOCK: _("Error"),
            Level.WARN: _("Please explain"),
            Level.INFORM: _("Note"),
        }
        return words[self.level]

    @property
    def group(self) -> str:
        """Return the group it speaks of, such as ``rc28.1``; empty for none."""
        return group_of(self.address)


def group_of(address: str) -> str:
    """Return the group a field belongs to; empty for a field of the whole stage."""
    return intake.reason_key(address).rpartition(".")[0]


def remarks(
    checked: Intake, fields: Mapping[str, str], place: Callable[[str], str]
) -> list[Remark]:
    """Return the findings in words, in the order of the form; ``place`` names a field."""
    unanswered = {id(found) for found in intake.unanswered(checked, fields)}
    said = [
        _remark(found, fields, place, still=id(found) in unanswered) for found in checked.findings
    ]
    order = {address: number for number, address in enumerate(_addresses(checked))}
    return sorted(said, key=lambda remark: order.get(remark.address, -1))


def _addresses(checked: Intake) -> Iterator[str]:
    """Yield the fields findings speak of, as they follow each other on the form."""
    yield from (f"sample.{pack}.condition" for pack in intake.PACKS)
    yield from intake.CONDITIONS
    for parameter in checked.editions:
        for pack in intake.PACKS:
            for slot in catalogue.slots(parameter):
                yield intake.key(parameter.code, pack, slot)
            yield f"{parameter.code}.{pack}.status"


def _remark(
    found: Finding, fields: Mapping[str, str], place: Callable[[str], str], *, still: bool
) -> Remark:
    group, answer = group_of(found.address), ""
    state = f"{group}.status" if found.code in BY_STATE and group else ""
    if found.level is Level.WARN:
        answer = intake.reason_key(found.address)
    address = state if found.code == "E38" else found.address
    return Remark(
        code=found.code,
        level=found.level,
        address=address,
        place=place(address) if address else "",
        text=_sentence(found),
        answer=state or answer,
        reason=fields.get(intake.reason_key(found.address), "").strip(),
        open=still,
    )


def _sentence(found: Finding) -> str:
    """Return what a finding says; the sentence about a cell of a sheet is worded for a form."""
    if found.code != "E20":
        return found.text(_)
    typed = found.values["v"]
    if found.address == "press_calibrated_to":
        return str(_("“%(v)s” is not a date. Write it like 2024-09-10.", v=typed))
    problem, fix = (_(str(found.values[name])) for name in ("problem", "fix"))
    return str(_("“%(v)s”: %(problem)s. Suggestion: %(fix)s.", v=typed, problem=problem, fix=fix))
