"""The laboratory's own result beside the recomputed one."""

from decimal import Decimal

import pytest

from core.findings import Level
from scoring.cement.reduction import Reduction, reduce
from scoring.cement.reported import reporting_error
from tests.scoring.cement.readings import loads

STEP = Decimal("0.1")
VALUE = reduce("flexural_3", loads("2310 2250 2400"), step=STEP)
VOID = reduce("flexural_3", loads("2500 2540 4400"), step=STEP)
INCOMPLETE = reduce("flexural_3", loads("2500"), step=STEP)


@pytest.mark.parametrize(
    ("reduction", "reported", "text"),
    [
        (VALUE, "5.5", "Your result 5.5 MPa differs from 5.4 MPa recomputed"),
        (VALUE, None, "You reported the set as void, but 5.4 MPa was recomputed"),
        (VOID, "6.0", "Your result 6.0 MPa was reported for a set that is void"),
    ],
)
def test_a_difference_is_a_note_that_changes_neither_value(reduction, reported, text):
    own = None if reported is None else Decimal(reported)
    said = reporting_error("rf3.1", "MPa", reduction, own)
    assert (said.code, said.level, said.address) == ("E26", Level.INFORM, "rf3.1")
    assert said.text().startswith(text)


@pytest.mark.parametrize(
    ("reduction", "reported"),
    [(VALUE, "5.4"), (VALUE, "5.40"), (VOID, None), (INCOMPLETE, "5.4"), (INCOMPLETE, None)],
)
def test_agreement_and_incomplete_readings_say_nothing(reduction: Reduction, reported):
    own = None if reported is None else Decimal(reported)
    assert reporting_error("rf3.1", "MPa", reduction, own) is None
