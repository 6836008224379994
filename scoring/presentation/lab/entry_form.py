"""The form of a stage as people see it: panels, cells, live lines; built from the catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from core.i18n import is_chinese
from scoring import intake, submission
from scoring.cement import catalogue
from scoring.cement.catalogue import Parameter, Slot
from scoring.cement.group import Reduced, reduced
from scoring.entries import Desk
from scoring.intake import Intake
from scoring.presentation.lab import live_line
from scoring.presentation.lab.names import field_name, name_of, quantity_name
from scoring.presentation.lab.remarks import Remark, group_of, remarks

#: Fields of the head that are times, and how a browser asks for them.
TIMES = {"cast_at": "datetime-local", "broken_at": "datetime-local", "press_calibrated_to": "date"}
#: What is carried over from the other stage of the same laboratory.
CARRIED = (
    "cast_at", "press_no", "press_calibrated_to", "tested_by", "checked_by", "approved_by",
    "sample.1.condition", "sample.2.condition",
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One cell of the form."""

    key: str
    slot: Slot
    text: str
    #: Short name above the cell.
    label: str
    wrong: bool

    @property
    def optional(self) -> bool:
        """Say whether the cell is filled only where the method asks."""
        return not self.slot.required


@dataclass(frozen=True)
class GroupForm:
    """The readings of one sample for one parameter."""

    prefix: str
    pack: int
    sample_no: str
    cells: tuple[Cell, ...]
    #: The cells of the repeat.
    again: tuple[Cell, ...]
    status: str
    reason: str
    line: str
    #: The line without the result.
    detail: str
    result: str
    remarks: tuple[Remark, ...]

    @property
    def filled(self) -> bool:
        """Say whether anything was typed."""
        return any(cell.text for cell in self.cells + self.again)

    @property
    def aside_open(self) -> bool:
        """Say whether status and reason need attention."""
        return bool(self.status or self.reason or any(r.asks for r in self.remarks))

    @property
    def status_wrong(self) -> bool:
        """Say whether the state of the set is an error."""
        return any(r.blocks and r.address == f"{self.prefix}.status" for r in self.remarks)

    @property
    def live(self) -> dict[str, Any]:
        """Return what the page shows of the group while it is being filled in, as plain JSON."""
        # What is missing is said once the draft is saved, not while somebody types.
        said = [r for r in self.remarks if r.code != "E04"]
        return {
            "line": self.line,
            "remarks": [{"tone": r.tone, "word": r.word, "text": r.text} for r in said],
            "wrong": [r.address for r in said if r.blocks],
            "say": any(r.asks and r.open for r in said),
            "again": self.again_open,
        }

    @property
    def again_open(self) -> bool:
        """Say whether the repeat is filled in, or asked for."""
        wanted = {cell.key for cell in self.again}
        return any(c.text for c in self.again) or any(r.address in wanted for r in self.remarks)


@dataclass(frozen=True)
class Panel:
    """A parameter with the groups of both samples."""

    parameter: Parameter
    name: str
    #: What is typed, with its unit: the head of the columns.
    typed: tuple[str, ...]
    hint: str
    groups: tuple[GroupForm, ...]


class EntryForm:
    """A stage filled with ``fields``, which were checked as ``checked``."""

    def __init__(self, desk: Desk, fields: Mapping[str, str], checked: Intake) -> None:
        self.fields = fields
        self.checked = checked
        self.samples = desk.sample_numbers

    @cached_property
    def _names(self) -> dict[str, str]:
        return {parameter.code: name_of(parameter) for parameter in self.checked.editions}

    @cached_property
    def remarks(self) -> list[Remark]:
        """Return everything to be said, in the order of the form."""
        return remarks(self.checked, self.fields, self.place)

    @cached_property
    def shown(self) -> list[Remark]:
        """Return the remarks but those on what is empty because nobody has come to it yet."""
        typed = {
            group_of(key) for key, text in self.fields.items() if text and intake.is_reading(key)
        }
        return [r for r in self.remarks if not self._not_begun(r, typed)]

    @staticmethod
    def _not_begun(remark: Remark, typed: set[str]) -> bool:
        if remark.code == "E04":
            return remark.group not in typed
        return remark.code == "E39" and not typed

    def place(self, address: str) -> str:
        """Return where a field stands, in words."""
        parts = address.split(".")
        if parts[0] in self._names and len(parts) > 1:
            sample = _("Sample %(pack)s", pack=parts[1])
            return f"{self._names[parts[0]]} · {sample}"
        return field_name(address)

    def wrong(self, key: str) -> bool:
        """Say whether a field holds an error."""
        return any(remark.blocks and remark.address == key for remark in self.shown)

    def control(self, key: str) -> tuple[str, str]:
        """Return the type of a field of the head and its value; a picker only for what it shows."""
        text = self.fields.get(key, "")
        kind, at = TIMES.get(key, "text"), intake.moment(text)
        if kind == "text" or not text:
            return kind, text
        if at is None or (kind == "datetime-local" and ":" not in text):
            return "text", text
        return kind, f"{at:%Y-%m-%dT%H:%M}" if kind == "datetime-local" else f"{at:%Y-%m-%d}"

    @cached_property
    def reduced(self) -> dict[str, Reduced]:
        """Return every group beside its result."""
        by_code = {parameter.code: parameter for parameter in self.checked.editions}
        return {
            f"{group.parameter}.{group.pack}": reduced(
                group, by_code[group.parameter], self.checked.options
            )
            for group in self.checked.groups
        }

    @cached_property
    def panels(self) -> list[Panel]:
        """Return the parameters in the order of the stage."""
        return [self._panel(parameter) for parameter in self.checked.editions]

    def _panel(self, parameter: Parameter) -> Panel:
        slots = catalogue.slots(parameter)
        heads = {slot.quantity: slot.unit for slot in slots}
        return Panel(
            parameter,
            name_of(parameter),
            tuple(_with_unit(quantity, unit) for quantity, unit in heads.items()),
            parameter.hint_zh if is_chinese() else "",
            tuple(self._group(parameter, pack, slots) for pack in intake.PACKS),
        )

    def _group(self, parameter: Parameter, pack: int, slots: tuple[Slot, ...]) -> GroupForm:
        prefix = f"{parameter.code}.{pack}"
        said = tuple(remark for remark in self.shown if remark.group == prefix)
        wrong = {remark.address for remark in said if remark.blocks}
        cells = [self._cell(parameter, pack, slot, wrong) for slot in slots]
        status = self.fields.get(f"{prefix}.status", "")
        return GroupForm(
            prefix=prefix,
            pack=pack,
            sample_no=self.samples.get(pack, ""),
            cells=tuple(cell for cell in cells if cell.slot.attempt == 1),
            again=tuple(cell for cell in cells if cell.slot.attempt > 1),
            status="" if status == "value" else status,
            reason=self.fields.get(f"{prefix}.reason", ""),
            line=live_line.line(self.reduced[prefix]),
            detail=live_line.detail(self.reduced[prefix]),
            result=live_line.result(self.reduced[prefix]),
            remarks=said,
        )

    def _cell(self, parameter: Parameter, pack: int, slot: Slot, wrong: set[str]) -> Cell:
        key = intake.key(parameter.code, pack, slot)
        return Cell(key, slot, self.fields.get(key, ""), _label(slot), key in wrong)


def _with_unit(quantity: str, unit: str) -> str:
    return quantity_name(quantity) + (f"（{unit}）" if unit not in ("", "1") else "")


def _label(slot: Slot) -> str:
    """Return the short name of a cell; the sieve factor has a word, there is but one of it."""
    return str(_("Factor C")) if slot.quantity == "sieve_factor" else slot.label


def carried(desk: Desk, others: Iterable[Desk]) -> dict[str, str]:
    """Return what the laboratory's other submitted stage says already and this one does not."""
    found: dict[str, str] = {}
    for other in others:
        same = other.participation.id == desk.participation.id and other.stage.id != desk.stage.id
        if same and other.standing:
            known = submission.fields_of(other.standing.document)
            found |= {name: known[name] for name in CARRIED if known.get(name)}
    return found
