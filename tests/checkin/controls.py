"""What several tests of the door ask, and controls: races with the guard taken away."""

import sqlalchemy as sa

from checkin.models import Scan
from core.db import db, read_only_done
from tests.racing import race


def count(model, *where):
    read_only_done()
    found = db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*where))
    read_only_done()
    return found


def said(answer):
    return answer.verdict.word, answer.verdict.reason


def last():
    read_only_done()
    return db.session.scalars(sa.select(Scan).order_by(Scan.id.desc()).limit(1)).one()


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
