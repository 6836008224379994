"""Rules that the database itself keeps, as triggers on both engines."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from core.db import Model

M = TypeVar("M", bound=type[Model])


def with_trigger(rule: str, event: str, bodies: Mapping[str, str]) -> Callable[[M], M]:
    """Put a rule as a trigger on the table of a model; usable as decorator.

    ``bodies`` holds, by dialect, the rest of the statement (SQLite) or the body of the function
    (PostgreSQL). A migration executes what :func:`trigger_sql` returns.
    """

    def install(model: M) -> M:
        table = cast("sa.Table", model.__table__)

        @sa.event.listens_for(table, "after_create")
        def create(target: sa.Table, connection: sa.Connection, **_options: Any) -> None:
            for statement in trigger_sql(connection.dialect.name, target.name, rule, event, bodies):
                connection.exec_driver_sql(statement)

        return model

    return install


def fixed(*columns: str) -> dict[str, str]:
    """Return the bodies of a rule that refuses any change of some columns of a row."""
    changed = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in columns)
    what = f"never changed: {', '.join(columns)}"
    return {
        "sqlite": f"BEFORE UPDATE ON {{table}} WHEN {changed} "
        f"BEGIN SELECT RAISE(ABORT, '{what}'); END",
        "postgresql": f"IF {changed} THEN RAISE EXCEPTION USING MESSAGE = '{what}', "
        "ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;",
    }


def trigger_sql(
    dialect: str, table: str, rule: str, event: str, bodies: Mapping[str, str]
) -> list[str]:
    """Return the statements that put the rule on ``table``; running them twice is harmless."""
    name = f"{table}_{rule}"
    if dialect == "sqlite":
        body = bodies[dialect].replace("{table}", table)
        return [f"DROP TRIGGER IF EXISTS {name}", f"CREATE TRIGGER {name} {body}"]
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {bodies[dialect]} END $$",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
