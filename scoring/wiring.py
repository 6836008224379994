"""How the contest joins the application."""

import logging

from flask import Flask

from campaign import figures
from core import access, audit, jobs, logs, serve
from core.access import Role
from core.db import read_only_done, transaction
from scoring import commands, contacts, demo, participation_figures, rounds, runs
from scoring.views import judge, lab_sheet

log = logging.getLogger("qm.contest")

#: Minutes between looks for a round whose last stage has been locked.
EVALUATE_EVERY = 5


def init_app(app: Flask) -> None:
    """Register pages, jobs and commands of the contest."""
    app.register_blueprint(lab_sheet.pages)
    access.register_home(app, Role.LAB, "lab.home")
    app.register_blueprint(judge.pages)
    access.register_home(app, Role.JUDGE, "judge.home")
    app.cli.add_command(commands.commands)
    jobs.handler("scoring.evaluation.evaluate")(_evaluate)
    jobs.every("scoring.evaluation.evaluate", EVALUATE_EVERY)
    figures.register("scoring", participation_figures.counted)
    contacts.init_app()
    serve.at_start(app, demo.start)


def _evaluate(_claim: jobs.Claim) -> None:
    """Publish the lists of locked stages and evaluate what waits; no rule depends on when."""
    with transaction():
        runs.lock_settled()
    waiting = runs.due()
    read_only_done()
    for code in waiting:  # each on its own: one that fails holds up no other
        try:
            with transaction():
                runs.evaluate(rounds.find(code), audit.SYSTEM)
        except Exception as error:  # noqa: BLE001 (told to whoever watches, and tried again)
            read_only_done()
            log.error("evaluation", extra={"data": {"round": code} | logs.trace(error)})
