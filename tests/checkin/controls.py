"""Controls: races with the guard taken away, to show that the race is real on this machine."""

import sqlalchemy as sa

from core.db import db, read_only_done
from tests.racing import race


def count(model, *where):
    read_only_done()
    found = db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*where))
    read_only_done()
    return found


def unguarded(app, act, runners=2):
    """Run the act without the product's write discipline: a plain session, begun deferred."""

    def run(number):
        with db.session.begin():
            return act(number)

    read_only_done()
    return race(app, run, runners)


def went_wrong(results, allowed=1):
    """Say whether a race admitted too many or made the database refuse a request."""
    errors = [result for result in results if isinstance(result, sa.exc.OperationalError)]
    return bool(errors) or sum(result is True for result in results) > allowed
