from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from campaign import bodies, campaigns
from campaign.models import Body, BodyKind, Campaign, Filing, Place
from core.clock import local, now
from core.config import settings
from core.db import db, read_only_done, transaction
from core.errors import Unavailable
from tests import databases
from tests.racing import race

ORDER = [
    *("广州", "深圳", "珠海", "汕头", "佛山", "韶关", "河源", "梅州", "惠州", "汕尾", "东莞"),
    *("中山", "江门", "阳江", "湛江", "茂名", "肇庆", "清远", "潮州", "揭阳", "云浮", "横琴"),
]


def listed() -> list[Body]:
    return bodies.bodies(campaigns.current())


def city(body: Body) -> str:
    return bodies.place_names()[body.place_id]


def setup(year: int | None = None) -> Campaign:
    read_only_done()
    with transaction():
        return campaigns.setup(year)


def test_the_22_places_stand_in_official_order(app: Flask) -> None:
    assert [place.name for place in bodies.places()] == ORDER


def test_hengqin_is_a_place_of_its_own_without_code_or_region(app: Flask) -> None:
    last = bodies.places()[-1]
    assert (last.name, last.name_en, last.code, last.region) == ("横琴", "Hengqin", None, "")


def test_every_city_has_a_code_and_regions_have_their_sizes(app: Flask) -> None:
    cities = bodies.places()[:-1]
    assert len({place.code for place in cities}) == 21
    assert all(place.code and place.code.startswith("44") for place in cities)
    sizes = Counter(place.region for place in cities)
    assert sizes == {"珠三角": 9, "粤东": 4, "粤西": 3, "粤北": 5}


def test_every_place_has_an_english_name(app: Flask) -> None:
    names = [place.name_en for place in bodies.places()]
    assert names[0] == "Guangzhou"
    assert len(set(names)) == 22
    assert all(name.isascii() and name.isalpha() for name in names)


def test_forty_bodies_report_in_the_order_of_the_notice(app: Flask) -> None:
    assert [body.position for body in listed()] == list(range(1, 41))
    assert [listed()[n].name for n in (0, 21, 39)] == [
        "广州市住房和城乡建设局",
        "广州市交通运输局",
        "横琴粤澳深度合作区城市规划和建设局",
    ]


def test_bodies_are_of_six_kinds(app: Flask) -> None:
    assert Counter(body.kind for body in listed()) == {
        BodyKind.HOUSING: 21,
        BodyKind.TRANSPORT: 6,
        BodyKind.RAIL: 1,
        BodyKind.WATER: 10,
        BodyKind.LANDSCAPE: 1,
        BodyKind.ZONE: 1,
    }


def test_every_city_has_one_housing_authority_and_hengqin_its_own_body(app: Flask) -> None:
    housing = [city(body) for body in listed() if body.kind is BodyKind.HOUSING]
    assert housing == ORDER[:-1]
    assert [body.kind for body in listed() if city(body) == "横琴"] == [BodyKind.ZONE]


def test_a_body_belongs_to_the_city_in_its_name(app: Flask) -> None:
    assert all(body.name.startswith(city(body)) for body in listed())


def test_some_cities_report_through_several_bodies(app: Flask) -> None:
    counts = Counter(city(body) for body in listed())
    assert {name: n for name, n in counts.items() if n > 2} == {
        "广州": 4, "深圳": 3, "佛山": 4, "东莞": 3, "中山": 3,
    }  # fmt: skip


def totals() -> list[int | None]:
    tables = (Place, Campaign, Body)
    return [db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables]


def test_setting_up_again_changes_nothing(each_app: Flask) -> None:
    campaign = setup()
    assert setup().id == campaign.id
    assert totals() == [22, 1, 40]


def test_setting_up_again_keeps_what_people_wrote(app: Flask) -> None:
    read_only_done()
    with transaction():
        campaigns.setup().theme = "示例主题"
        db.session.flush()
        campaigns.setup()
    assert campaigns.current().theme == "示例主题"


def test_a_new_year_has_a_campaign_and_bodies_of_its_own(each_app: Flask) -> None:
    setup()
    later = setup(local(now()).year + 1)
    assert totals() == [22, 2, 80]
    assert campaigns.current().id == later.id


def test_a_new_year_begins_by_an_act_and_not_by_the_clock(app: Flask, clock: Any) -> None:
    year = local(now()).year
    clock.forward(days=366)
    assert setup().year == year
    assert totals() == [22, 1, 40]


def test_the_quality_month_is_september(app: Flask) -> None:
    campaign = setup(2031)
    assert f"{campaign.starts_on} {campaign.ends_on}" == "2031-09-01 2031-09-30"


def test_two_servers_may_set_up_at_once(each_app: Flask) -> None:
    made = race(each_app, lambda _n: setup(2032).id, 4)
    assert {type(number) for number in made} == {int}
    assert len(set(made)) == 1
    assert len(bodies.bodies(setup(2032))) == 40


def test_before_set_up_the_administrator_is_asked_to_run_it(app: Flask) -> None:
    read_only_done()
    with transaction() as session:
        session.execute(sa.update(Campaign).values(opened_at=None))
    with pytest.raises(Unavailable, match="no_campaign"):
        campaigns.current()


def test_the_command_says_which_campaign_it_made(app: Flask) -> None:
    read_only_done()
    result = app.test_cli_runner().invoke(args=["campaign", "setup", "--year", "2033"])
    assert (result.exit_code, result.output) == (0, "2033年质量月\n")


@pytest.mark.parametrize("year", ["24", "2024年"])
def test_the_command_refuses_what_is_no_year(app: Flask, year: str) -> None:
    read_only_done()
    result = app.test_cli_runner().invoke(args=["campaign", "setup", "--year", year])
    assert result.exit_code == 2


def test_a_server_that_starts_sets_up_the_campaign_of_this_year_and_in_production_no_demo(
    tmp_path: Path,
) -> None:
    empty = databases.build(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path)
    with empty.app_context():
        empty.extensions["qm-settings"] = replace(settings(), env="production")
        result = empty.test_cli_runner().invoke(args=["setup"])
        assert result.exit_code == 0, result.output
        assert campaigns.current().year == local(now()).year
        assert db.session.scalars(sa.select(Filing)).all() == []
    databases.dispose(empty)
