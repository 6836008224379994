"""PURE: the laboratory's own result beside the recomputed one: a reporting error or none.

Shown after the lock only, and counted apart from the technical score.
"""

from decimal import Decimal

from core.findings import Finding
from scoring.cement.outcome import Reduction
from scoring.messages import finding


def reporting_error(
    address: str, unit: str, reduction: Reduction, reported: Decimal | None
) -> Finding | None:
    """Return E26 where ``reported`` (None: reported as void) is not what the readings give.

    Readings that are not complete give nothing to compare with.
    """
    if reduction.void:
        if reported is None:
            return None
        return finding("E26", address, wording="void", r=str(reported), u=unit)
    if reduction.value is None or reported == reduction.value:
        return None
    recomputed = str(reduction.value)
    if reported is None:
        return finding("E26", address, wording="not_void", c=recomputed, u=unit)
    return finding("E26", address, r=str(reported), c=recomputed, u=unit)
