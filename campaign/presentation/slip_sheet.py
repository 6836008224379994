"""The 联络员回执 on paper: the words of the annex, whatever language the page has."""

from collections.abc import Sequence
from typing import Any

from campaign import slip
from campaign.forms.liaison import Row
from core.personal import mask_landline, mask_mobile

#: The annex of the notice, word for word and in its order.
ANNEX = "附件"
TITLE = "联络员回执"
BODY = "填报单位（公章）："
HEADS = ("姓名", "性别", "工作单位", "职务", "固定电话", "手机")
GENDERS = {"male": "男", "female": "女"}
#: Blank rows under the people, and rows of a sheet with few people.
BLANK, FEWEST = 3, 8


def sheet(body: str, rows: Sequence[Row], *, masked: bool = False) -> dict[str, Any]:
    """Return the data of the printed slip; rows that hold nothing are not printed as people."""
    people = [_cells(row, masked=masked) for row in rows if not slip.is_empty(row)]
    blank = max(BLANK, FEWEST - len(people))
    return {
        "annex": ANNEX,
        "title": TITLE,
        "label": BODY,
        "body": body,
        "heads": HEADS,
        "rows": [*people, *([[""] * len(HEADS)] * blank)],
    }


def _cells(row: Row, *, masked: bool) -> list[str]:
    cells = {name: row.get(name, "").strip() for name in slip.COLUMNS}
    cells["gender"] = GENDERS.get(cells["gender"], cells["gender"])
    if masked:
        cells["landline"] = mask_landline(cells["landline"])
        cells["mobile"] = mask_mobile(cells["mobile"])
    return [cells[name] for name in slip.COLUMNS]
