"""Tables whose rows are facts: the database itself refuses to change or delete them."""

from typing import Any, TypeVar, cast

import sqlalchemy as sa

from core.db import Model

M = TypeVar("M", bound=type[Model])


def append_only(model: M) -> M:
    """Have the database refuse UPDATE and DELETE on the table of ``model``; usable as decorator.

    ``create_all`` installs the triggers by itself. A migration that creates such a table calls
    ``for statement in append_only_sql(op.get_bind().dialect.name, "scan"): op.execute(statement)``,
    and so does one that alters it: on SQLite, altering copies the table and drops its triggers.
    """
    table = cast("sa.Table", model.__table__)
    table.info["append_only"] = True

    @sa.event.listens_for(table, "after_create")
    def install(target: sa.Table, connection: sa.Connection, **_options: Any) -> None:
        for statement in append_only_sql(connection.dialect.name, target.name):
            connection.exec_driver_sql(statement)

    return model


def append_only_tables() -> list[str]:
    """Return the names of all append-only tables; a test compares them with the database."""
    tables = Model.metadata.tables.values()
    return sorted(table.name for table in tables if table.info.get("append_only"))


def append_only_sql(dialect_name: str, table: str) -> list[str]:
    """Return the statements that make ``table`` append-only; running them twice is harmless."""
    if dialect_name == "sqlite":
        statements = []
        for act in ("update", "delete"):
            name = f"{table}_no_{act}"
            statements += [
                f"DROP TRIGGER IF EXISTS {name}",
                f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END",
            ]
        return statements
    function = (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION USING MESSAGE = 'append-only: ' || TG_TABLE_NAME, "
        "ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    drop = "DROP TRIGGER IF EXISTS {name} ON {table}"
    create = "CREATE TRIGGER {name} BEFORE {acts} ON {table} FOR EACH {each} EXECUTE FUNCTION "
    row = {"name": f"{table}_no_change", "table": table, "acts": "UPDATE OR DELETE", "each": "ROW"}
    all_ = {"name": f"{table}_no_truncate", "table": table, "acts": "TRUNCATE", "each": "STATEMENT"}
    triggers = [text.format(**words) for words in (row, all_) for text in (drop, create)]
    return [function, *(t + "refuse_change()" if t.startswith("CREATE") else t for t in triggers)]
