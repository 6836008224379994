"""The board's rules: forty rows in the order of the notice, and numbers that are their rows."""

from datetime import timedelta

import pytest

from campaign import board
from campaign.board import Line, Wish
from campaign.progress import Lateness, State
from tests.campaign.boards import DUE, progress

KINDS = ("housing", "water", "zone")


def line(number: int, **changes) -> Line:
    items = {item: progress() for item in board.ITEMS} | changes.pop("items", {})
    values = {
        "body_id": f"b{number}",
        "number": number,
        "name": f"{number} 号单位",
        "kind": "housing",
        "place": "广州",
        "place_no": 1,
        "region": "delta",
        "items": items,
    }
    return Line(**values | changes)


LINES = [
    line(1, items={"slip": progress(State.ACCEPTED, at=DUE)}),
    line(2, place="深圳", place_no=2, items={"slip": progress(State.RETURNED, at=DUE)}),
    line(3, place="珠海", place_no=3, items={"slip": progress(State.FILED, Lateness.FILED_LATE)}),
    line(4, place="汕头", place_no=4, region="east",
         items={"slip": progress(State.NONE, Lateness.OVERDUE)}),
    line(29, kind="water", items={"slip": progress(State.DRAFT, at=DUE + timedelta(days=1))}),
    line(40, place="横琴", place_no=22, region="zone", kind="zone"),
]  # fmt: skip


def numbers(lines) -> list[int]:
    return [one.number for one in lines]


def test_every_number_of_the_header_is_the_count_of_the_rows_behind_it():
    totals = board.totals(LINES)
    for item in board.ITEMS:
        for shown in board.SHOWN:
            asked = Wish(item=item, state=shown)
            assert totals[item][shown] == len(board.chosen(LINES, asked)), (item, shown)


def test_reported_counts_what_is_filed_or_accepted_and_not_what_was_returned():
    found = board.totals(LINES)["slip"]
    assert (found["reported"], found["returned"], found["missing"]) == (2, 1, 3)
    assert (found["overdue"], found["filed_late"], found["draft"]) == (1, 1, 1)
    assert found["filed"] + found["accepted"] == found["reported"]


def test_a_state_without_an_item_finds_it_in_any_item():
    assert numbers(board.chosen(LINES, Wish(state="returned"))) == [2]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Wish(), [1, 2, 3, 4, 29, 40]),
        (Wish(kind="water"), [29]),
        (Wish(region="delta"), [1, 2, 3, 29]),
        (Wish(region="zone"), [40]),
        (Wish(place=3), [3]),
        (Wish(text="29"), [29]),
        (Wish(text="横琴"), [40]),
        (Wish(item="slip", state="overdue", region="delta"), []),
        (Wish(sort="changed"), [29, 1, 2, 3, 4, 40]),
    ],
)
def test_filters_leave_what_was_asked_for_and_the_order_of_the_notice(asked, found):
    assert numbers(board.chosen(LINES, asked)) == found
    assert asked.narrow is (len(found) < len(LINES))


def test_cities_are_grouped_in_official_order_with_hengqin_by_itself():
    groups = board.groups(LINES, "city")
    assert [group.key for group in groups] == ["1", "2", "3", "4", "22"]
    assert numbers(groups[0].lines) == [1, 29]
    assert numbers(groups[-1].lines) == [40]


def test_regions_are_grouped_in_the_order_of_the_province_with_hengqin_by_itself():
    groups = board.groups(LINES, "region")
    assert [group.key for group in groups] == ["delta", "east", "zone"]
    assert numbers(groups[-1].lines) == [40]
    assert board.groups(LINES, "none")[0].lines == LINES


@pytest.mark.parametrize("key", board.REGIONS)
def test_a_region_is_known_by_its_name_in_the_list_of_places(key):
    assert board.region(board.REGIONS[key]) == key


def test_an_address_asks_for_what_it_was_made_of():
    asked = Wish("slip", "overdue", "water", "east", 4, "汕头", "city", "changed")
    query = {name: str(value) for name, value in board.address(asked).items()}
    assert board.wish(query, KINDS) == asked
    assert board.address(Wish()) == {}
    assert board.address(asked, state="", item="plan")["item"] == "plan"


def test_an_address_nobody_made_asks_for_everything():
    strange = {"item": "x", "state": "'", "kind": "lab", "region": "π", "place": "²", "sort": "?"}
    assert board.wish(strange | {"place": "99999"}, KINDS) == Wish()
    assert board.wish(strange, KINDS) == Wish()


def test_nothing_happened_has_no_time():
    assert line(1).changed_at is None
