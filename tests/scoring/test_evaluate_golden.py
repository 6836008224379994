"""The engine version must change when a golden output changes."""

from scoring.evaluation.evaluate import ENGINE
from tests.scoring import golden_round


def test_the_output_is_the_golden_one_or_the_engine_version_has_changed():
    differ = golden_round.differences(golden_round.lines(), golden_round.kept())
    assert differ[:3] == [], (
        f"{len(differ)} lines differ: raise ENGINE in scoring/evaluation/evaluate.py, "
        "then python -m tests.scoring.golden_round"
    )
    assert golden_round.kept()[0] == ["engine", ENGINE]


def test_a_changed_output_is_not_written_under_the_same_version(monkeypatch, tmp_path, capsys):
    now = golden_round.kept()
    monkeypatch.setattr(golden_round, "FILE", tmp_path / "golden.jsonl")
    monkeypatch.setattr(golden_round, "lines", lambda: now)
    assert golden_round.write() == 0
    now = [now[0], *now[2:]]
    assert golden_round.write() == 1
    assert "raise ENGINE" in capsys.readouterr().err
    now = [["engine", "next"], *now[1:]]
    assert golden_round.write() == 0
    assert golden_round.kept() == now


def test_the_last_decimal_may_differ_and_nothing_else():
    one = [["engine", "1"], ["results", "L1", "0.123456789", None, True]]
    near = [["engine", "2"], ["results", "L1", "0.12345679", None, True]]
    assert golden_round.differences(one, near) == []
    for changed in (["L2", "0.123456789", None], ["L1", "0.1234568", None], ["L1", None, None]):
        assert golden_round.differences(one, [one[0], ["results", *changed, True]])
