"""The audit log: who did what to which object, when, from where, with what result.

:func:`record` adds an entry to the caller's transaction; the table is append-only, and a job
seals its rows in a chain (:mod:`core.chain`). The door registers its scans there as a source of
their own, so that a scan costs no second row.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context, request
from sqlalchemy.orm import Mapped, mapped_column

from core.access import Actor
from core.append_only import append_only, append_only_sql, append_only_tables
from core.chain import init_app, register_source, seal_all, verify
from core.clock import local, now
from core.data_map import SECURITY, personal
from core.db import Model, db
from core.errors import N_
from core.sealed import canonical, plain

__all__ = [
    "SYSTEM",
    "AuditEntry",
    "append_only",
    "append_only_sql",
    "append_only_tables",
    "init_app",
    "record",
    "register_source",
    "seal_all",
    "verify",
]

#: The actor of commands and jobs.
SYSTEM = Actor("system")

_CODE = re.compile(r"[A-Za-z0-9_.:/+=-]{0,128}")
_MOBILE = re.compile(r"(\+?86)?1[3-9][0-9]{9}")


@append_only
class AuditEntry(Model):
    """One act: who, when, from where, what, on which object, with what result."""

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    #: ``account``, ``device``, ``link``, ``anonymous``, ``system``.
    actor_kind: Mapped[str]
    #: Internal number of the actor; 0 for nobody.
    actor_id: Mapped[int] = mapped_column(
        info=personal(N_("Number of the account that acted"), SECURITY)
    )
    #: Network address of the request; empty for commands and jobs.
    address: Mapped[str] = mapped_column(
        default="", info=personal(N_("Network address of the request"), SECURITY)
    )
    #: Finds the lines of the structured log that belong to the act.
    request_id: Mapped[str] = mapped_column(default="")
    #: A verb, e.g. ``registration.withdraw``.
    action: Mapped[str]
    object_kind: Mapped[str]
    #: Public id.
    object_id: Mapped[str]
    #: ``ok`` or a refusal's code.
    result: Mapped[str]
    #: Codes, field names, hashes; never a person's data, which could not be purged here.
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


def record(
    action: str,
    obj_kind: str,
    obj_id: str,
    *,
    actor: Actor,
    result: str = "ok",
    **details: object,
) -> AuditEntry:
    """Add an entry to the caller's transaction.

    Raises ``ValueError`` for text that is no code, field name, hash or time: an entry can never
    be deleted, so it must not hold a name, a number or a sentence of a person.
    """
    kept = plain(details)
    _check_codes([action, obj_kind, obj_id, result, kept])
    here = has_request_context()
    entry = AuditEntry(
        at=now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        address=(request.remote_addr or "") if here else "",
        request_id=g.get("request_id", "") if here else "",
        action=action,
        object_kind=obj_kind,
        object_id=obj_id,
        result=result,
        details=kept,
    )
    db.session.add(entry)
    return entry


COLUMNS = (
    "at", "actor_kind", "actor_id", "address", "request_id", "action", "object_kind", "object_id",
    "result", "details",
)  # fmt: skip


def lines(since: datetime | None = None) -> Iterator[list[str]]:
    """Yield the log as rows of text, its heading first, from an instant on.

    Times are Beijing time with their offset, details canonical JSON.
    """
    yield list(COLUMNS)
    query = sa.select(AuditEntry).order_by(AuditEntry.id)
    if since is not None:
        query = query.where(AuditEntry.at >= since)
    for entry in db.session.scalars(query.execution_options(yield_per=1000)):
        values = {name: getattr(entry, name) for name in COLUMNS}
        values["at"] = local(entry.at).isoformat(timespec="seconds")
        values["details"] = canonical(entry.details).decode()
        yield [str(values[name]) for name in COLUMNS]


def _check_codes(value: object) -> None:
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        for item in value:
            _check_codes(item)
    elif not _CODE.fullmatch(str(value)) or _MOBILE.fullmatch(str(value)):
        raise ValueError("an audit entry holds codes, not words")


def _entry(row: AuditEntry) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at,
        "actor": [row.actor_kind, row.actor_id],
        "address": row.address,
        "request_id": row.request_id,
        "action": row.action,
        "object": [row.object_kind, row.object_id],
        "result": row.result,
        "details": row.details,
    }


register_source("audit", AuditEntry, _entry)
