"""Pages of judges: every round they judge, its statistics and its ranking, by code alone."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from core import access, audit, refusals, sheets
from core.access import Role
from core.db import transaction
from core.errors import N_, NotFound
from core.sending import File, send_made
from scoring import reports, rounds, runs
from scoring.evaluation.plan import from_document
from scoring.models import Round
from scoring.presentation import words
from scoring.presentation.judge import dossier, overview, parameter, questions, ranking
from scoring.presentation.judge.evaluation import Evaluation

pages = Blueprint("judge", __name__, url_prefix="/judge")
judges = access.roles(Role.JUDGE)
MEDIA = {"xlsx": sheets.XLSX, "csv": "text/csv"}
#: What a round of this judge may lack: the way on leads back to the round.
WITHIN = ("not_evaluated", "unknown_code", "unknown_parameter")


@pages.errorhandler(NotFound)
def not_found(error: NotFound) -> AnyResponse:
    """Answer what a round does not have with the way back to that round."""
    onward = None
    if error.code in WITHIN:
        round_code = (request.view_args or {})["round_code"]
        address = url_for("judge.round_page", round_code=round_code)
        onward = (address, _("Back to the round"))
    return refusals.answer(error.code, error.message, error.status, error.params, onward=onward)


def mine(round_code: str) -> Round:
    """Return a round this account judges; any other is unknown."""
    return rounds.find_for_judge(round_code, access.current())


def evaluated(round_: Round) -> Evaluation:
    """Return the run of today's inputs; :class:`NotFound` before there is one."""
    run = runs.current(round_)
    if run is None:
        raise NotFound(
            "not_evaluated",
            N_("This round has not been evaluated yet. Go back to its overview."),
        )
    return Evaluation(run)


@pages.get("/")
@judges
def home() -> str:
    """List the rounds this account judges."""
    found = rounds.judged_by(access.current())
    return render_template("scoring/judge/home.html", rounds=[overview.card(r) for r in found])


@pages.get("/<round_code>")
@judges
def round_page(round_code: str) -> str:
    """Show the statistics of every parameter; before the last lock only how many submitted."""
    round_ = mine(round_code)
    card, run = overview.card(round_), runs.current(round_)
    if run is None or not card.locked:
        return render_template("scoring/judge/waiting.html", round=card)
    evaluation = Evaluation(run)
    return render_template(
        "scoring/judge/overview.html",
        round=card,
        evaluation=evaluation,
        lines=(shown := overview.lines(evaluation)),
        notices=overview.notices(shown),
        classes=words.classes(evaluation.labels),
    )


@pages.post("/<round_code>/evaluate")
@judges
def evaluate(round_code: str) -> AnyResponse:
    """Evaluate a locked round; what was evaluated already stays what it is."""
    with transaction():
        run = runs.evaluate(mine(round_code), access.current())
        number = run.no
    flash(_("The round is evaluated: evaluation %(no)s.", no=number), "success")
    return redirect(url_for("judge.round_page", round_code=round_code))


@pages.get("/<round_code>/parameters/<code>")
@judges
def parameter_page(round_code: str, code: str) -> str:
    """Show one parameter: statistics, charts, and the results of both items by code."""
    round_ = mine(round_code)
    evaluation = evaluated(round_)
    sort = request.args.get("sort", "")
    sort = sort if sort in parameter.SORT else parameter.SORT[0]
    down = request.args.get("dir") == "desc"
    codes = list(evaluation.parameters)
    shown = parameter.page(evaluation, code, sort, down=down)
    at = codes.index(code)
    return render_template(
        "scoring/judge/parameter.html",
        round=round_,
        evaluation=evaluation,
        parameter=shown,
        sort=sort,
        direction="desc" if down else "asc",
        others=[(other, words.parameter(other)) for other in codes],
        before=codes[at - 1] if at else None,
        after=codes[at + 1] if at + 1 < len(codes) else None,
    )


@pages.get("/<round_code>/ranking")
@judges
def ranking_page(round_code: str) -> str:
    """Show the places by code, who wins, and who has no place and why."""
    round_ = mine(round_code)
    evaluation = evaluated(round_)
    return render_template(
        "scoring/judge/ranking.html",
        round=round_,
        evaluation=evaluation,
        lines=ranking.lines(evaluation),
        unranked=ranking.unranked(evaluation),
        none_because=ranking.none_because(evaluation),
        weights=ranking.weights(evaluation),
    )


@pages.get("/<round_code>/questions")
@judges
def questions_page(round_code: str) -> str:
    """Show what the integrity screens ask; no screen changes a score."""
    round_ = mine(round_code)
    evaluation = evaluated(round_)
    return render_template(
        "scoring/judge/questions.html",
        round=round_,
        evaluation=evaluation,
        questions=questions.questions(evaluation),
    )


@pages.get("/<round_code>/codes/<code>")
@judges
def code_page(round_code: str, code: str) -> str:
    """Show everything one code gave, and how its place was reckoned."""
    round_ = mine(round_code)
    evaluation = evaluated(round_)
    plan = from_document(rounds.plan_of(round_).document)
    return render_template(
        "scoring/judge/code.html",
        round=round_,
        evaluation=evaluation,
        code=code,
        stages=dossier.stages(evaluation, plan, code),
        arithmetic=ranking.arithmetic(evaluation, code),
        questions=questions.questions(evaluation, code),
        unranked=[one for one in ranking.unranked(evaluation) if one.code == code],
    )


@pages.post("/<round_code>/results.<any(xlsx, csv):kind>")
@judges
def export(round_code: str, kind: str) -> AnyResponse:
    """Return the results by code as XLSX or CSV; the export is logged."""
    actor = access.current()
    with transaction():
        round_ = mine(round_code)
        evaluation = evaluated(round_)
        audit.record("export", "round", round_.code, actor=actor, format=kind, run=evaluation.no)
        table = reports.table(evaluation, round_.title, actor.name)
        seal = evaluation.check_code.replace(" ", "")
        name = f"results-{round_.code}-{evaluation.no}-{seal}.{kind}"
    # Making the workbook takes long, and nobody who wants to write shall wait for it.
    return send_made(File(table.xlsx() if kind == "xlsx" else table.csv(), MEDIA[kind], name))
