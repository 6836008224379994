"""How fast a spreadsheet is refused, beside reading a good one.

``python -m bench.sheets`` gives every file of the tests' hostile collection to the reader, three
times each, and prints the slowest with their ratio to a good workbook of one cell, which needs
the confined process as well.
"""

import time
from contextlib import suppress

from core import sheets
from tests.core.hostile import packages
from tests.core.hostile.corpus import CORPUS

SHOWN = 12


def seconds(data: bytes, name: str) -> float:
    """Return the shortest of three readings."""
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        with suppress(sheets.FileRefused):
            sheets.read(data, name)
        taken.append(time.perf_counter() - began)
    return min(taken)


def main() -> None:
    """Print the slowest refusals."""
    good = seconds(packages.workbook(), "good.xlsx")
    taken = {what: seconds(make(), name) for what, (name, make, _reason) in CORPUS.items()}
    print(f"a good workbook      {good * 1000:7.0f} ms")
    for what in sorted(taken, key=lambda each: -taken[each])[:SHOWN]:
        print(f"{what:40} {taken[what] * 1000:7.0f} ms  {taken[what] / good:5.1f} x")
    print(f"{len(taken)} files, {sum(each > 1 for each in taken.values())} of them over a second")


if __name__ == "__main__":
    main()
