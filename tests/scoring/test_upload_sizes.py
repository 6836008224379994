"""How large an upload may be: the spreadsheet's page takes more, every other one does not."""

from core.sheets.cells import ENTRY
from tests.scoring.lab_browser import page
from tests.scoring.test_template import send


def test_a_file_above_the_limit_is_refused_and_one_just_below_is_read(lab, world):
    large = send(lab, world, b"PK\x03\x04" + b"\0" * (ENTRY.size - 4))
    assert large.status_code == 422
    assert send(lab, world, b"\0" * (ENTRY.size + 100)).status_code == 422
    assert send(lab, world, b"\0" * (ENTRY.size + 2**17)).status_code == 413


def test_no_other_page_takes_a_body_of_that_size(lab, world):
    answer = lab.post(page(world), data={"reason": "x" * (2 * 2**20)})
    assert answer.status_code == 413
