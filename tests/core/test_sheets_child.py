"""Whatever happens to the process that reads a workbook, the server answers and goes on."""

import io
import subprocess
import sys
import threading

import pytest

from core import sheets
from core.errors import Unavailable
from core.sheets import ENTRY, FileRefused, child, reading
from tests.core.hostile import packages
from tests.core.hostile.corpus import XLSX

GOOD = packages.workbook()
CONFINED = "from core.sheets.child import confine; confine(1); "


def instead(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let a script answer instead of the reader."""
    monkeypatch.setattr(reading, "CHILD", [sys.executable, "-c", script])


def said(script: str) -> str:
    """Return a script that reads the workbook and prints what ``script`` evaluates to."""
    return f"import json, os, sys; sys.stdin.read(); print({script})"


@pytest.mark.parametrize(
    "script",
    [
        "import os; os.abort()",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "raise MemoryError",
        CONFINED + "b'x' * 2**30",
        CONFINED + "\nwhile True: pass",
        CONFINED + "open('var/x', 'w').write('x')",
        "",
        said("'no json'"),
        said("""'{"sheet": "a", "hidden": false}'"""),
    ],
    ids=["abort", "kill", "error", "memory", "processor", "file", "silence", "noise", "half"],
)
def test_a_child_that_fails_is_a_refusal_and_the_next_file_is_read(monkeypatch, script):
    with monkeypatch.context() as patch:
        instead(patch, script)
        with pytest.raises(FileRefused) as refused:
            sheets.read(GOOD, "a.xlsx")
    assert (refused.value.reason, refused.value.code) == ("crash", "E30")
    assert sheets.read(GOOD, "a.xlsx")[0].at("A1").text == "48.6"


def test_a_child_that_hangs_is_ended(monkeypatch):
    instead(monkeypatch, "import time; time.sleep(600)")
    with pytest.raises(FileRefused) as refused:
        sheets.read(GOOD, "a.xlsx", ENTRY._replace(seconds=1))
    assert refused.value.reason == "time"


def test_without_a_process_the_file_is_not_to_blame(monkeypatch):
    monkeypatch.setattr(reading, "CHILD", ["/no/such/program"])
    with pytest.raises(Unavailable) as unavailable:
        sheets.read(GOOD, "a.xlsx")
    assert unavailable.value.code == "file_reading_failed"


def test_only_so_many_workbooks_are_read_at_once(monkeypatch):
    places = threading.BoundedSemaphore(1)
    monkeypatch.setattr(reading, "PLACES", places)
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    with places, pytest.raises(Unavailable) as busy:
        sheets.read(GOOD, "a.xlsx")
    assert busy.value.code == "file_reading_busy"
    assert sheets.read(GOOD, "a.xlsx")


def test_a_refusal_gives_the_place_back(monkeypatch):
    monkeypatch.setattr(reading, "PLACES", threading.BoundedSemaphore(1))
    monkeypatch.setattr(reading, "PATIENCE", 0.01)
    with monkeypatch.context() as patch:
        instead(patch, "raise SystemExit(3)")
        with pytest.raises(FileRefused):
            sheets.read(GOOD, "a.xlsx")
    assert sheets.read(GOOD, "a.xlsx")


def test_the_child_knows_no_secret_of_the_installation(monkeypatch):
    monkeypatch.setenv("QM_SECRET_KEY", "geheim")
    monkeypatch.setenv("OTHER", "seen")
    line = 'json.dumps({"sheet": str(dict(os.environ)), "hidden": False})'
    instead(monkeypatch, said(f"""{line}, '{{"end": true}}', sep=chr(10)"""))
    (sheet,) = sheets.read(GOOD, "a.xlsx")
    assert "geheim" not in sheet.name
    assert "seen" in sheet.name


def test_the_child_loads_nothing_of_the_server():
    script = (
        "import sys, core.sheets.child; print([name for name in "
        "('flask', 'sqlalchemy', 'pandas', 'numpy', 'subprocess') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=reading.ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limits")
def test_the_child_limits_itself_before_it_reads(monkeypatch):
    import resource

    seen = {}
    monkeypatch.setattr(resource, "setrlimit", seen.__setitem__)
    child.confine(7)
    assert seen[resource.RLIMIT_CPU] == (7, 7)
    assert seen[resource.RLIMIT_AS] == (child.MEMORY, child.MEMORY)
    assert seen[resource.RLIMIT_FSIZE] == (0, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limits")
def test_a_stricter_limit_of_the_machine_stays(monkeypatch):
    import resource

    def refused(*_: object) -> None:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refused)
    child.confine(7)


def test_what_the_child_refuses_reaches_the_parent():
    out = io.StringIO()
    child.main(ENTRY, packages.workbook(book=packages.book("a", "b")), out)
    with pytest.raises(FileRefused) as refused:
        reading._sheets(out.getvalue().encode(), ENTRY)
    assert refused.value.reason == "repeated"


@pytest.mark.parametrize(
    "what", ["merged too often", "long text merged", "one text 2 000 times", "NUL in a cell"]
)
def test_the_child_refuses_what_only_it_can_see(what):
    make, reason = XLSX[what]
    with pytest.raises(FileRefused) as refused:
        list(child.lines(make(), ENTRY))
    assert refused.value.reason == reason
