"""The output of the synthetic round, kept as a file: whoever changes it raises the engine version.

Every parameter and place is kept; single results and pairs of the laboratories with a planted
fault, where every branch occurs.
``python -m tests.scoring.golden_round`` writes the file again. It refuses where the output has
changed and the version has not.
"""

import json
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from scoring.evaluation.evaluate import ENGINE, evaluate
from tests.scoring.rounds_played import plan_of, rows, synthetic

FILE = Path(__file__).parent / "golden" / "synthetic_round.jsonl"
#: Platforms may differ in the last of nine decimals.
TOLERANCE = 1e-8
#: Texts on the way to a result; tests of the reduction hold them.
LEFT_OUT = {"intermediate"}

Line = list[Any]


def lines() -> list[Line]:
    """Return today's output, one list of texts for each row of each section, keys left out."""
    found: list[Line] = [["engine", ENGINE]]
    faulty = {row["lab_code"] for row in rows("planted_faults")}
    for section, output in evaluate(plan_of(), synthetic()).items():
        found += [
            [section, *_leaves(row)]
            for row in output
            if section not in {"results", "pairs"} or row["code"] in faulty
        ]
    return found


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in LEFT_OUT:
                yield from _leaves(inner)
    elif isinstance(value, list):
        yield str(len(value))
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value


def kept() -> list[Line]:
    """Return the lines of the file."""
    return [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]


def differences(one: list[Line], other: list[Line]) -> list[tuple[Line, Line]]:
    """Return the lines that differ, numbers by more than the tolerance; the engine is no output."""
    pairs = zip_longest(one[1:], other[1:], fillvalue=[])
    return [(left, right) for left, right in pairs if not _same_line(left, right)]


def _same_line(one: Line, other: Line) -> bool:
    return len(one) == len(other) and all(map(_same, one, other))


def _same(one: Any, other: Any) -> bool:
    if one == other or not (isinstance(one, str) and isinstance(other, str)):
        return bool(one == other)
    try:
        return abs(float(one) - float(other)) <= TOLERANCE
    except ValueError:
        return False


def write() -> int:
    """Write the file again, or refuse; return the exit code."""
    now = lines()
    if FILE.exists() and differences(now, kept()) and kept()[0] == now[0]:
        sys.stderr.write(
            "The output has changed: raise ENGINE in scoring/evaluation/evaluate.py first.\n"
        )
        return 1
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in now)
    FILE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(write())
