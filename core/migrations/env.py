"""How Alembic reaches the product's database; flask db … runs it inside the application."""

from alembic import context

from core.db import Model, db


def run() -> None:
    """Run the migrations in one transaction on the application's engine."""
    with db.engine.connect() as plain:
        connection = plain.execution_options(write=True)
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
