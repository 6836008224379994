"""The reference answers beside these tests, and what the tests draw."""

import csv
import json
from pathlib import Path

from hypothesis import strategies as st

FOLDER = Path(__file__).parents[1] / "reference" / "statistics"
UNIVARIATE = [
    "cn_quartile_9",
    "iso13528_E1_censored_deleted",
    "iso13528_E1_censored_half",
    "iso13528_E1_censored_ignored",
    "iso13528_E3_atrazine",
    "iso5725_5_creosote_cell_means",
    "mass_abbey",
    "mass_chem",
]
#: The 30 setting times of a round where more than half of the laboratories agree.
TIED = [180] * 17 + [175] * 6 + [185] * 6 + [230]

#: Results on a grid, so that shifting and doubling them is exact.
results = st.lists(st.integers(-4000, 4000), min_size=3, max_size=25).map(
    lambda steps: [step / 8 for step in steps]
)


def rows(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def texts(name):
    return [row["value"] for row in rows(name)]


def floats(name):
    return [float(text) for text in texts(name)]


def answers(name):
    return json.loads((FOLDER / f"{name}.expected.json").read_text("utf-8"))


def printed(name, quantity):
    """Return the printed value and its tolerance."""
    found = [each for each in answers(name)["published"] if each["quantity"] == quantity]
    return found[0]["value"], found[0]["tolerance"]
