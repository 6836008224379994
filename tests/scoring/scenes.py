"""The pages of the contest's demonstration data, for pictures and for tests of the layout."""

import sqlalchemy as sa

from core.accounts import User
from core.clock import now
from core.db import db
from scoring import demo as contest
from scoring import entries, rounds
from scoring.models import Participation
from tests import factories
from tests.scoring import worlds

#: Pages of the demonstration round that is evaluated.
JUDGED = {
    "judge": "/judge/",
    "judge-overview": f"/judge/{contest.PAST}",
    "judge-parameter": f"/judge/{contest.PAST}/parameters/rc28",
    "judge-soundness": f"/judge/{contest.PAST}/parameters/sound",
    "judge-ranking": f"/judge/{contest.PAST}/ranking",
    "judge-questions": f"/judge/{contest.PAST}/questions",
    "judge-code": f"/judge/{contest.PAST}/codes/SN24-102",
}


def laboratory() -> dict[str, str]:
    """Submit the open stage, change the draft afterwards, and return the pages."""
    actor = worlds.actor(colleague())
    stage = rounds.find(contest.OPEN).stages[0].public_id
    with factories.writing():
        desk = entries.desk(actor, stage)
        sound = worlds.readings(desk.stage.parameters) | {"tested_by": "钱示例"}
        entries.submit(desk, sound, entries.read(desk, sound), now(), actor)
        # A draft with an error, a warning, a void set and a reason, beside what was submitted.
        odd = {"init.1.1.elapsed.1": "48,6", "rc3.1.1.load.6": "33.0", "rf3.2.reason": "试件破损"}
        entries.save(desk, sound | odd, desk.rev, actor)
    names = {"entry": "entry", "check": "entry", "receipt": "receipt"}
    paths = {name: f"/lab/{part}/{stage}" for name, part in names.items()}
    paths["check"] += "/check"
    later = rounds.find(contest.OPEN).stages[1].public_id
    return {"lab": "/lab/", "lab-later": f"/lab/entry/{later}"} | {
        f"lab-{name}": path for name, path in paths.items()
    }


def colleague() -> User:
    """Return one more account of the laboratory that signs in as lab."""
    user = db.session.scalars(sa.select(User).filter_by(login=contest.LAB)).one()
    member = db.session.get(Participation, user.grants[0].party_id)
    assert member is not None
    return worlds.colleague(member)
