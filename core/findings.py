"""PURE: findings: what is wrong with data that somebody entered, where, and how serious it is.

A finding carries an English message id with ``{placeholders}`` and the texts that fill them; it is
translated where it is shown. A text that needs translation itself (the problem of a cell, the rule
of a standard) is a :class:`Marked` message id; its own placeholders are filled from the plain
values beside it. A :class:`Listed` text is a list, joined as the language does.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import N_

#: What stands between the parts of a list; it is a message id of its own.
COMMA = N_(", ")


class Level(StrEnum):
    """Name what a finding does: it blocks, needs a reason, or informs."""

    BLOCK = "H"
    WARN = "W"
    INFORM = "I"


class Marked(str):
    """Mark a value as a message id: it is translated before it fills its place."""

    __slots__ = ()


class Listed(str):
    """Mark a value as a list: its parts, parted by :data:`COMMA`, get the comma of the language."""

    __slots__ = ()


@dataclass(frozen=True)
class Finding:
    """Hold one finding: its code, level, address (``""`` is the whole form or file) and text."""

    code: str
    level: Level
    address: str
    message: str
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the language of ``translate``."""
        plain = {name: text for name, text in self.values.items() if not isinstance(text, Marked)}
        said = {
            name: translate(str(text)).format(**plain)
            for name, text in self.values.items()
            if isinstance(text, Marked)
        }
        lists = {
            name: text.replace(COMMA, translate(COMMA))
            for name, text in plain.items()
            if isinstance(text, Listed)
        }
        return translate(self.message).format(**{**plain, **said, **lists})


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that must be mended before the data can be used."""
    return [finding for finding in findings if finding.level is Level.BLOCK]
