"""The workbook of a stage: one row for each quantity of a sample, written and laid out here.

The first column holds the code of a row, the same in every language; :mod:`~.upload` finds rows by
it and columns by their titles.
"""

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from core.config import settings
from core.errors import N_
from core.i18n import full
from core.sealed import canonical
from core.sheets.cells import letters
from core.sheets.protected import Field, Tone, workbook
from scoring import intake
from scoring.cement import catalogue
from scoring.cement.catalogue import Parameter, Slot
from scoring.entries import Desk
from scoring.presentation.lab.names import (
    conditions_of_samples,
    field_name,
    name_of,
    quantity_name,
    statuses,
    verdicts,
)

#: Changes when the layout does; older files are refused.
VERSION = 1
TOKEN = "token"
#: Key of a column → title; the readings stand between them.
COLUMNS = {
    "code": N_("Code"),
    "parameter": N_("Parameter"),
    "sample": N_("Sample"),
    "number": N_("Sample number"),
    "quantity": N_("Reading"),
    "unit": N_("Unit"),
    "1": N_("Value 1"),
    "2": N_("Value 2"),
    "3": N_("Value 3"),
    "4": N_("Value 4"),
    "5": N_("Value 5"),
    "6": N_("Value 6"),
    "status": N_("State of the set"),
    "reason": N_("Reason"),
}
WIDTHS = (18, 22, 9, 22, 26, 9, 10, 10, 10, 10, 10, 10, 14, 36)
VALUES = tuple("123456")
#: The colour of a field and what is said about it.
Mark = tuple[Tone, str]
#: Where the value of a line of the head stands.
HEAD_VALUE = "number"
HEAD = (*(f"sample.{pack}.condition" for pack in intake.PACKS), *intake.CONDITIONS, "reason")
_AT = {name: index for index, name in enumerate(COLUMNS)}


@dataclass(frozen=True)
class Line:
    """One row of readings: a quantity of one sample in one attempt."""

    parameter: Parameter
    pack: int
    attempt: int
    quantity: str
    slots: tuple[Slot, ...]
    #: The first row of a group also holds its state and reason.
    first: bool

    @property
    def code(self) -> str:
        """Return what identifies the row."""
        return f"{self.parameter.code}.{self.pack}.{self.attempt}.{self.quantity}"

    @property
    def group(self) -> str:
        """Return the prefix of the group's fields."""
        return f"{self.parameter.code}.{self.pack}"

    @property
    def keys(self) -> dict[str, str]:
        """Return the field key of each column that may be filled in."""
        keys = {
            VALUES[place]: intake.key(self.parameter.code, self.pack, slot)
            for place, slot in enumerate(self.slots)
        }
        if self.first:
            keys |= {name: f"{self.group}.{name}" for name in ("status", "reason")}
        return keys


def lines(editions: tuple[Parameter, ...]) -> Iterator[Line]:
    """Yield the rows of readings in the order of the form."""
    for parameter in editions:
        rows: dict[tuple[int, str], list[Slot]] = {}
        for slot in catalogue.slots(parameter):
            rows.setdefault((slot.attempt, slot.quantity), []).append(slot)
        for pack in intake.PACKS:
            for place, ((attempt, quantity), slots) in enumerate(rows.items()):
                yield Line(parameter, pack, attempt, quantity, tuple(slots), place == 0)


def token(desk: Desk) -> str:
    """Return the mark by which the template of a laboratory and stage is known again."""
    said = [
        "template",
        VERSION,
        desk.round.code,
        desk.stage.public_id,
        desk.participation.public_id,
    ]
    key = settings().secret_key.encode()
    return f"{VERSION}-" + hmac.new(key, canonical(said), "sha256").hexdigest()[:32]


def write(
    desk: Desk,
    editions: tuple[Parameter, ...],
    fields: Mapping[str, str],
    marks: Mapping[str, Mark] | None = None,
) -> bytes:
    """Return the workbook filled with ``fields``; ``marks`` are shown at fields, by their keys."""
    form = _Form(desk, fields, marks or {})
    rows: list[list[Field | None]] = form.head()
    rows.append([Field(_(title), "head") for title in COLUMNS.values()])
    repeat = len(rows) - 1
    rows += [form.row(line) for line in lines(editions)]
    return workbook(rows, WIDTHS, sheet_name=desk.stage.code, repeat=repeat)


class _Form:
    """The rows of one workbook."""

    def __init__(self, desk: Desk, fields: Mapping[str, str], marks: Mapping[str, Mark]) -> None:
        self._desk = desk
        self._fields = fields
        self._marks = marks

    def head(self) -> list[list[Field | None]]:
        """Return the rows above the readings."""
        desk = self._desk
        first, last = letters(_AT[VALUES[0]]), letters(_AT[VALUES[-1]])
        notes = (
            _(
                "%(name)s · closes %(at)s",
                name=desk.organisation.name,
                at=full(desk.stage.closes_at),
            ),
            _(
                "Fill in the white cells only, in columns %(first)s–%(last)s as the instrument "
                "shows it: digits, no unit. Then upload this file on the page of the stage.",
                first=first,
                last=last,
            ),
        )
        title = _("%(round)s: result form %(stage)s", round=desk.round.title, stage=desk.stage.code)
        rows: list[list[Field | None]] = [[Field(title, "title")]]
        rows += [[Field(note, "note")] for note in notes]
        rows.append(self._plain(TOKEN, _("Mark of this form"), Field(token(desk))))
        rows += [self._plain(key, self._label(key), self._open(key)) for key in HEAD]
        return [*rows, []]

    def _label(self, key: str) -> str:
        if key.startswith("sample."):
            number = self._desk.sample_numbers.get(int(key.split(".")[1]), "")
            return str(_("%(field)s (%(number)s)", field=field_name(key), number=number))
        return field_name(key)

    @staticmethod
    def _plain(code: str, label: str, value: Field) -> list[Field | None]:
        blank = Field("")
        hint = _("e.g. %(text)s", text=EXAMPLES[code]) if code in EXAMPLES else ""
        return [Field(code), Field(label), blank, value, Field(hint, "note")]

    def row(self, line: Line) -> list[Field | None]:
        """Return one row of readings."""
        shown = {
            "code": line.code,
            "parameter": name_of(line.parameter),
            "sample": _("Sample %(pack)s", pack=line.pack),
            "number": self._desk.sample_numbers.get(line.pack, ""),
            "quantity": quantity_name(line.quantity) + repeated(line),
            "unit": line.slots[0].unit if line.slots[0].unit != "1" else "–",
        }
        keys = line.keys
        return [
            self._open(keys[name])
            if name in keys
            else self._marked(shown[name], line.code if name == "number" else "")
            if name in shown
            else Field("", "shut")
            for name in COLUMNS
        ]

    def _marked(self, text: str, code: str) -> Field:
        """Return a fixed cell; a sample number typed over ours stays, to be mended by a person."""
        key = number_key(code)
        if key not in self._marks:
            return Field(text)
        tone, comment = self._marks[key]
        return Field(self._fields.get(key, text), "open", (), tone, comment)

    def _open(self, key: str) -> Field:
        text, words = self._fields.get(key, ""), words_of(key)
        tone, comment = self._marks.get(key, ("", ""))
        return Field(
            words.get(text, text),
            "open",
            tuple(dict.fromkeys(filter(None, words.values()))),
            tone,
            comment,
        )


def number_key(code: str) -> str:
    """Return what a mark calls the sample number of a row; it is no field of the form."""
    return f"{code} number"


def is_number(key: str) -> bool:
    """Say whether a key is that of a sample number."""
    return key.endswith(" number")


def words_of(key: str) -> dict[str, str]:
    """Return what may be chosen in a field, as stored and as shown; nothing for a free text."""
    if key.endswith(".status"):
        chosen = dict(statuses())
        return {**chosen, "value": chosen[""]}
    if key.endswith(".condition"):
        return dict(conditions_of_samples())
    return dict(verdicts()) if ".verdict." in key else {}


def repeated(line: Line) -> str:
    """Return what says that a row is filled in only where the method asks for a repeat."""
    return _(" (repeat, if required)") if line.attempt > 1 else ""


EXAMPLES = {
    "cast_at": "2024-09-10 09:48",
    "broken_at": "2024-09-13 10:10",
    "press_calibrated_to": "2025-06-02",
}
