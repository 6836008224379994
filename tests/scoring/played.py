"""The synthetic round in a database, evaluated, with accounts and with reasons that give away.

:func:`make` builds it once; tests work on copies of the file (fixture ``played`` in conftest).
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import flask_migrate
import sqlalchemy as sa

from campaign import campaigns
from campaign.models import Organisation, Place
from core import accounts, audit
from core.access import Role, Scope
from core.clock import local
from core.db import db
from scoring import commands, entries, importing, intake, rounds, runs, submission
from scoring.demo import FOLDER
from scoring.entries import Arrival
from scoring.evaluation.plan import from_document
from scoring.models import Entry, Participation, Round
from scoring.models.entry import Source
from scoring.submission import Given
from tests import databases, factories

ROUND, JUDGE = "SN24", "judge-of-the-round"
#: So many laboratories have an account and have typed a reason that names them.
TALKATIVE = 5


def make(path: Path) -> None:
    """Build the database file ``path``."""
    app = databases.build(f"sqlite:///{path}", path.parent)
    with app.app_context():
        flask_migrate.upgrade(directory=str(databases.MIGRATIONS))
        with factories.writing():
            campaigns.setup()
            rows = importing.read_folder(FOLDER)
            round_ = importing.import_round(rows, ROUND, "比对试验", audit.SYSTEM).round
            for member in talkative(round_):
                explain(round_, *member)
            judge = accounts.create(JUDGE, "赵评")
            accounts.grant(judge, Role.JUDGE, Scope.ROUND, round_.id)
            runs.evaluate(round_, audit.SYSTEM)
    databases.dispose(app)


def import_by_command(url: str, data: Path) -> str:
    """Import the round into the database at ``url`` as a person would; return what was said."""
    app = databases.build(url, data)
    result = app.test_cli_runner().invoke(
        args=["scoring", "import-round", str(FOLDER), "--code", ROUND]
    )
    databases.dispose(app)
    assert result.exit_code == 0, result.output
    return result.output


def talkative(round_: Round) -> list[tuple[Participation, Organisation, str]]:
    """Return the laboratories that have typed a reason, each with its city."""
    rows = db.session.execute(
        sa.select(Participation, Organisation, Place.name)
        .join(Organisation, Organisation.id == Participation.organisation_id)
        .join(Place, Place.id == Organisation.place_id)
        .where(Participation.round_id == round_.id)
        .order_by(Participation.id)
        .limit(TALKATIVE)
    )
    return [tuple(row) for row in rows]


def core_of(name: str) -> str:
    """Return a laboratory's name without what every name has: 东莞第04."""
    return name.removeprefix("【示例】").removesuffix("（虚构）").removesuffix("检测机构")


def explain(round_: Round, member: Participation, lab: Organisation, city: str) -> None:
    """Let a laboratory submit its first stage again, with a reason that gives it away."""
    login = commands.account_of(member, lab).login
    stage = round_.stages[0]
    entry = db.session.scalars(
        sa.select(Entry).filter_by(participation_id=member.id, stage_id=stage.id)
    ).one()
    before = entry.versions[-1]
    said = f"我们{core_of(lab.name)}（{lab.name}），{city}市，账号{login}，"
    said += f"电话{member.contact_mobile}，联系人{member.contact_name}，"
    said += f"样品{member.samples[0].sample_no}，停电。"
    fields = {**submission.fields_of(before.document), "reason": said, "rc3.1.reason": said}
    options = from_document(rounds.plan_of(round_).document).options
    day = local(stage.opens_at).date()
    read = intake.read(fields, stage.parameters, on=day, options=options, earlier=())
    at = before.arrived_at + timedelta(seconds=1)
    reported = {("rc3", 1): ("reported", f"见{lab.name}附件")}
    given = Given(fields, replace(read, findings=()), reported)
    entries.add_version(member, stage, entry, given, Arrival(Source.IMPORT, at, None))
