"""PURE: what a filed version says that the one before it did not."""

from collections import Counter as Bag
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaign.tasks import Counter, counters


@dataclass(frozen=True)
class Change:
    """A figure that is another one now; None stands for 未报."""

    counter: Counter
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Difference:
    """What changed between two versions of an item."""

    figures: tuple[Change, ...]
    #: The note is another one now.
    note: bool
    #: Files as the versions keep them.
    added: tuple[Mapping[str, Any], ...]
    removed: tuple[Mapping[str, Any], ...]
    #: Files whose caption, task or day was put right.
    described: tuple[Mapping[str, Any], ...]
    #: Names of persons that came, went, or have other details.
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Say whether both versions hold the same."""
        return not any(vars(self).values())


def difference(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    persons_before: Sequence[Mapping[str, str]] = (),
    persons_after: Sequence[Mapping[str, str]] = (),
) -> Difference:
    """Return what ``after`` says that ``before`` did not; persons are given beside a slip."""
    old, new = _files(before), _files(after)
    people_old, people_new = _names(persons_before), _names(persons_after)
    kept = people_old.keys() & people_new.keys()
    return Difference(
        figures=tuple(_figures(before.get("figures", {}), after.get("figures", {}))),
        note=before.get("note", "") != after.get("note", ""),
        added=tuple(file for key, file in new.items() if key not in old),
        removed=tuple(file for key, file in old.items() if key not in new),
        described=tuple(
            file for key, file in new.items() if key in old and _said(file) != _said(old[key])
        ),
        came=tuple(name for name in people_new if name not in kept),
        went=tuple(name for name in people_old if name not in kept),
        corrected=tuple(
            name for name in people_new if name in kept and people_old[name] != people_new[name]
        ),
    )


def _figures(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Change]:
    for counter in counters():
        old, new = before.get(counter.code), after.get(counter.code)
        if old != new:
            yield Change(counter, old, new)


def _files(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {file["id"]: file for file in document.get("files", [])}


def _said(file: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(file.get(name) for name in ("caption", "task", "taken_on"))


def _names(persons: Sequence[Mapping[str, str]]) -> dict[str, Bag[tuple[tuple[str, str], ...]]]:
    """Return the persons of each name; two may share one."""
    found: dict[str, Bag[tuple[tuple[str, str], ...]]] = {}
    for person in persons:
        found.setdefault(person["name"], Bag())[tuple(sorted(person.items()))] += 1
    return found
