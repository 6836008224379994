"""PURE: what is wrong with a folder, where, and what to do; equal problems are said once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import N_, InvalidInput


@dataclass(frozen=True)
class Problem:
    """One thing to mend in a file; line 0 stands for the file as a whole."""

    file: str
    line: int
    #: English message id with ``{placeholders}``.
    message: str
    values: Mapping[str, str] = field(default_factory=dict)


class FolderRefused(InvalidInput):
    """A folder that cannot be imported; ``problems`` are all there are."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            "folder_unusable",
            N_("Nothing was imported. Mend the files and import the folder again:%(problems)s"),
            file=problems[0].file,
            problems="".join(f"\n- {line}" for line in listed(problems)),
        )
        self.problems = tuple(problems)


def listed(problems: Iterable[Problem], translate: Callable[[str], str] = str) -> list[str]:
    """Return one sentence for each problem, with all the lines that have it."""
    lines: dict[tuple[str, str], list[int]] = {}
    for one in problems:
        text = translate(one.message).format(**one.values)
        lines.setdefault((one.file, text), []).append(one.line)
    return [
        translate(_frame(where)).format(file=file, lines=_ranges(where), problem=text)
        for (file, text), where in lines.items()
    ]


def _frame(lines: list[int]) -> str:
    if lines == [0]:
        return N_("{file}: {problem}")
    return N_("{file}, line {lines}: {problem}")


def _ranges(lines: Iterable[int]) -> str:
    """Return line numbers briefly: ``2-5, 9``."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][-1] + 1:
            runs[-1][1:] = [line]
        else:
            runs.append([line])
    return ", ".join("-".join(map(str, run)) for run in runs)
