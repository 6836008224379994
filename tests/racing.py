"""Races: the same act by many threads at the same moment, as many requests at once would do it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from core.db import db


def race(app: Flask, act: Callable[[int], Any], runners: int = 16) -> list[Any]:
    """Run ``act(number)`` in ``runners`` threads that start together.

    Returns what each returned or raised, in the order of the numbers. Every runner has an
    application context, so a session, of its own.
    """
    start = threading.Barrier(runners)

    def run(number: int) -> Any:
        with app.app_context():
            start.wait()
            try:
                return act(number)
            except Exception as error:  # noqa: BLE001 (the caller judges it)
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(runners) as pool:
        return list(pool.map(run, range(runners)))
