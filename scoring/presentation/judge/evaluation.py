"""The output of a run, found by code, parameter and item."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.errors import N_, NotFound
from scoring.models import Run
from scoring.presentation import numbers

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Evaluation:
    """A run as the pages read it."""

    run: Run

    @property
    def no(self) -> int:
        """Return its number."""
        return self.run.no

    @property
    def check_code(self) -> str:
        """Return what people compare: the start of the seal of its output."""
        return numbers.check_code(self.run.output_seal)

    @cached_property
    def parameters(self) -> dict[str, dict[str, Json]]:
        """Return the summaries by parameter and item, in the order of the plan."""
        found: dict[str, dict[str, Json]] = {}
        for row in self.run.output["parameters"]:
            found.setdefault(row["parameter"], {})[row["item"]] = row
        return found

    @cached_property
    def codes(self) -> list[str]:
        """Return the codes of all laboratories."""
        return list(dict.fromkeys(row["code"] for row in self.run.output["results"]))

    @cached_property
    def labels(self) -> str:
        """Return the label set of the round."""
        return str(self.run.output["parameters"][0]["label_set"])

    @cached_property
    def places(self) -> dict[str, Json]:
        """Return the rows of the ranking by code, best first."""
        return {row["code"]: row for row in self.run.output["ranking"]}

    @cached_property
    def unranked(self) -> dict[str, Json]:
        """Return the rows of those without a place by code."""
        return {row["code"]: row for row in self.run.output["unranked"]}

    @cached_property
    def _results(self) -> dict[tuple[str, str, str], Json]:
        return {
            (row["code"], row["parameter"], row["item"]): row for row in self.run.output["results"]
        }

    @cached_property
    def _pairs(self) -> dict[tuple[str, str], Json]:
        return {(row["code"], row["parameter"]): row for row in self.run.output["pairs"]}

    def items(self, parameter: str) -> dict[str, Json]:
        """Return the summaries of a parameter by item; :class:`NotFound` for an unknown one."""
        if parameter not in self.parameters:
            raise NotFound(
                "unknown_parameter",
                N_("This round has no such parameter. Go back to its overview."),
            )
        return self.parameters[parameter]

    def result(self, code: str, parameter: str, item: str) -> Json:
        """Return the result of a laboratory."""
        return self._results[code, parameter, item]

    def policies(self, code: str) -> list[str]:
        """Return the policy rows of all results of a laboratory."""
        return [
            policy
            for row in self.run.output["results"]
            if row["code"] == code
            for policy in row["policy"]
        ]

    def pair(self, code: str, parameter: str) -> Json | None:
        """Return ZB and ZW of a laboratory, if both its results are scored."""
        return self._pairs.get((code, parameter))

    def ellipse(self, parameter: str) -> Json | None:
        """Return the region of confidence of a parameter, if there is one."""
        rows = self.run.output["ellipses"]
        return next((row for row in rows if row["parameter"] == parameter), None)

    def participant(self, code: str) -> Json:
        """Return what a laboratory gave; :class:`NotFound` for an unknown code."""
        for row in self.run.snapshot["participants"]:
            if row["code"] == code:
                found: Json = row
                return found
        raise NotFound("unknown_code", N_("This round has no such code. Go back to its ranking."))

    def everything(self) -> Iterator[tuple[Json, Json]]:
        """Yield every result with the summary it belongs to."""
        for row in self.run.output["results"]:
            yield row, self.parameters[row["parameter"]][row["item"]]
