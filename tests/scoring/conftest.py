"""Fixtures of the contest; small worlds are made by :mod:`tests.scoring.worlds`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from scoring.phase import SETTLING
from tests import databases
from tests.clients import Client
from tests.scoring import played as playing
from tests.scoring import rounds_played, worlds


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a database with the synthetic round, evaluated; copy it before use."""
    path = tmp_path_factory.mktemp("played") / "played.db"
    playing.make(path)
    return path


@pytest.fixture(scope="session")
def imported_round(
    sqlite: databases.SQLite, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """Return a database file with the synthetic round, to be copied, and what the import said."""
    path = tmp_path_factory.mktemp("imported") / "imported.db"
    with sqlite.copy() as url:
        said = playing.import_by_command(url, path.parent)
        databases.keep(url, path)
    return path, said


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    """Return the folder of a round of a few laboratories that a test may damage."""
    return rounds_played.shrunk(tmp_path / "round")


@pytest.fixture
def world(app: Flask) -> worlds.World:
    """Return a small round whose first stage is open."""
    return worlds.make()


@pytest.fixture
def lab(world: worlds.World, browser: Callable[..., Client]) -> Client:
    """Return the browser of the first laboratory."""
    return browser(world.lab.user)


@pytest.fixture
def locked(world: worlds.World, clock: Any) -> worlds.World:
    """Return the world after its last lock; both laboratories have submitted the first stage."""
    for each in world.labs:
        worlds.submit(world, each)
    clock.to(world.later.closes_at + SETTLING)
    return world
