"""Names of files in a ZIP: a folder for each task, and every name once."""

import re
from collections.abc import Sequence
from pathlib import Path

from flask_babel import gettext as _

from campaign import tasks
from campaign.attachments import PLACE
from campaign.gallery import Shown
from campaign.models import Body, Item, Media
from campaign.words import ITEMS
from core import files
from core.i18n import is_chinese

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
#: Windows unpacks no path that is much longer.
_LONGEST = 60


def task_names() -> dict[int, str]:
    """Return the names of the eight tasks in the reader's language; 0 is "not said"."""
    chinese = is_chinese()
    named = {task.no: task.name if chinese else task.name_en for task in tasks.tasks()}
    return {0: _("Task not said")} | named


def name_of(body: Body, item: Item) -> str:
    """Return the name of the ZIP itself."""
    return _safe(f"{body.name}-{ITEMS[item]}") + ".zip"


def entries(shown: Sequence[Shown]) -> list[tuple[str, Path | bytes]]:
    """Return names and contents of a ZIP of these files; links come as one list."""
    names, folder = task_names(), files.directory(PLACE)
    by_task = any(file.task for file in shown)
    taken: set[str] = set()
    found: list[tuple[str, Path | bytes]] = []
    for file in shown:
        if file.media is Media.LINK:
            continue
        place = f"{file.task} {_safe(names[file.task])}/" if by_task else ""
        found.append((_once(place, file.name, taken), folder / file.file))
    links = [f"{file.url}\t{file.caption}" for file in shown if file.media is Media.LINK]
    if links:
        found.append((_once("", _("Links") + ".txt", taken), "\r\n".join(links).encode()))
    return found


def _safe(name: str) -> str:
    return _NOT_IN_NAMES.sub("", name).strip(". ")[:_LONGEST]


def _once(place: str, name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    number, chosen = 1, place + name
    while chosen.casefold() in taken:
        number += 1
        chosen = f"{place}{stem} ({number}){dot}{ending}"
    taken.add(chosen.casefold())
    return chosen
