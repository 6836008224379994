"""Snapshots: what is evaluated, by code and item; no name, sample number or receipt in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from campaign.bodies import place_names
from campaign.models import Organisation
from core.access import Role, Scope
from core.accounts import Grant, User
from core.db import db
from core.errors import N_, Conflict
from core.sealed import plain, seal
from scoring import codes, intake
from scoring.cement import number
from scoring.models import Entry, EntryVersion, Participation, Round, Stage
from scoring.redaction import redact


@dataclass(frozen=True)
class _Member:
    """A participation with what its pages may hide: code, items by pack, words to redact."""

    participation: Participation
    organisation: Organisation
    #: Names of every laboratory of the round and of every city: none is said in a reason.
    names: tuple[str, ...]
    #: Sign-in names and names of its accounts.
    people: tuple[str, ...] = ()

    @property
    def items(self) -> dict[int, str]:
        return {sample.pack: sample.item.value for sample in self.participation.samples}

    def words(self, document: Mapping[str, Any]) -> list[str]:
        own = self.participation
        return [
            *self.names,
            self.organisation.qualification_no,
            own.contact_name,
            own.contact_mobile,
            *self.people,
            *(sample.sample_no for sample in own.samples),
            *document["signatories"].values(),
            document["conditions"].get("press_no", ""),
        ]


def standing(stage_ids: list[int]) -> list[EntryVersion]:
    """Return the newest version of every entry of the stages."""
    newest = (
        sa.select(EntryVersion.entry_id, sa.func.max(EntryVersion.no).label("no"))
        .join(Entry)
        .where(Entry.stage_id.in_(stage_ids))
        .group_by(EntryVersion.entry_id)
        .subquery()
    )
    return list(
        db.session.scalars(
            sa.select(EntryVersion)
            .join(
                newest,
                sa.and_(EntryVersion.entry_id == newest.c.entry_id, EntryVersion.no == newest.c.no),
            )
            .options(selectinload(EntryVersion.entry))
        )
    )


def snapshot(round_: Round) -> dict[str, Any]:
    """Return what is evaluated: contents by code and item; no name, sample number or receipt."""
    by_code = codes.by_participation(round_.id)
    stages = {stage.id: stage for stage in round_.stages}
    found = standing(list(stages))
    if altered(round_, found):
        raise Conflict(
            "version_altered",
            N_("A submitted version does not match its seal. Tell the administrator."),
        )
    versions: dict[int, list[EntryVersion]] = {}
    for version in found:
        versions.setdefault(version.entry.participation_id, []).append(version)
    participants = [
        {
            "code": by_code[member.participation.id],
            "entries": [
                _entry(version, stages[version.entry.stage_id], member)
                for version in sorted(
                    versions.get(member.participation.id, []), key=lambda v: v.entry.stage_id
                )
            ],
        }
        for member in _members(round_)
    ]
    return {
        "round": round_.code,
        "stages": [
            {
                "stage": stage.code,
                "parameters": stage.parameters,
                "closes_at": plain(stage.closes_at),
            }
            for stage in round_.stages
        ],
        "participants": sorted(participants, key=lambda entry: str(entry["code"])),
    }


def altered(round_: Round, versions: Sequence[EntryVersion]) -> list[str]:
    """Return what is no longer as it was sealed or published: versions and lists of stages (I4).

    A version counts only as what its document says it is: this round, stage, laboratory and time.
    ``versions`` hold at least the newest of every entry.
    """
    own = sa.select(Participation.id, Participation.public_id).filter_by(round_id=round_.id)
    parties = {row.id: row.public_id for row in db.session.execute(own)}
    problems = [
        f"version {version.receipt_no} does not match its seal"
        for version in versions
        if seal(version.document) != version.seal or not _in_place(version, round_, parties)
    ]
    newest = {v.entry_id: v for v in sorted(versions, key=lambda version: version.no)}.values()
    for stage in round_.stages:
        if stage.digest is None:
            continue
        seals = sorted(v.seal for v in newest if v.entry.stage_id == stage.id)
        if seals != stage.digest_list or seal(seals) != stage.digest:
            problems.append(f"stage {stage.code} does not match its published list")
    return problems


def _in_place(version: EntryVersion, round_: Round, parties: Mapping[int, str]) -> bool:
    """Say whether a version stands where its document belongs."""
    stage = next((s for s in round_.stages if s.id == version.entry.stage_id), None)
    heading = {
        "round": round_.code,
        "stage": stage.code if stage else None,
        "participation": parties.get(version.entry.participation_id),
        "no": version.no,
        "source": version.source.value,
        "arrived_at": plain(version.arrived_at),
    }
    return {name: version.document[name] for name in heading} == heading


def _members(round_: Round) -> list[_Member]:
    rows = db.session.execute(
        sa.select(Participation, Organisation)
        .join(Organisation, Organisation.id == Participation.organisation_id)
        .where(Participation.round_id == round_.id)
        .options(selectinload(Participation.samples))
    ).all()
    names = (*(row.Organisation.name for row in rows), *place_names().values())
    people = _people(round_)
    return [
        _Member(row.Participation, row.Organisation, names, tuple(people.get(row[0].id, ())))
        for row in rows
    ]


def _people(round_: Round) -> dict[int, list[str]]:
    """Return the sign-in names and names of the accounts of each participation."""
    found: dict[int, list[str]] = {}
    for party, login, name in db.session.execute(
        sa.select(Grant.party_id, User.login, User.name)
        .join(User, User.id == Grant.user_id)
        .where(Grant.role == Role.LAB, Grant.scope == Scope.ROUND, Grant.scope_id == round_.id)
    ):
        found.setdefault(party, []).extend((login, name))
    return found


def _entry(version: EntryVersion, stage: Stage, member: _Member) -> dict[str, Any]:
    document, words = version.document, member.words(version.document)
    return {
        "stage": stage.code,
        "late": version.arrived_at >= stage.closes_at,
        "source": version.source.value,
        "versions": version.no,
        "cast_at": _instant(document["conditions"].get("cast_at", "")),
        "broken_at": _instant(document["conditions"].get("broken_at", "")),
        "reason": redact(document["reason"], words),
        "findings": [
            {"code": found["code"], "address": _by_item(found["address"], member.items)}
            for found in document["findings"]
        ],
        "results": [_result(result, member.items, words) for result in document["results"]],
    }


def _instant(text: str) -> str | None:
    """Return a typed Beijing time as an instant; what cannot be read was a finding at entry."""
    moment = intake.moment(text)
    return str(plain(moment)) if moment else None


def _by_item(address: str, items: Mapping[int, str]) -> str:
    """Return a field key with the item in the place of the pack."""
    parts = address.split(".")
    if len(parts) > 1 and parts[1] in ("1", "2"):
        parts[1] = items[int(parts[1])]
    return ".".join(parts)


def _result(
    result: Mapping[str, Any], items: Mapping[int, str], words: list[str]
) -> dict[str, Any]:
    return {
        "parameter": result["parameter"],
        "item": items[result["pack"]],
        "pack": result["pack"],
        "status": result["status"],
        "reason": redact(result["reason"], words),
        "readings": result["readings"],
        "reported": _reported(result["reported"], words),
    }


def _reported(own: Mapping[str, str] | None, words: list[str]) -> dict[str, Any] | None:
    """Return the laboratory's own result with the number it stands for; a sentence is redacted."""
    if own is None:
        return None
    value = number.parse(own["text"]).value
    if value is None:
        return {**own, "text": redact(own["text"], words), "value": None}
    return {**own, "value": str(value)}
