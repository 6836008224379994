"""The laboratory's pages: from the link to the receipt, and what they never do."""

import re

from core import accounts
from core.db import db
from tests import factories
from tests.scoring import worlds
from tests.scoring.lab_browser import draft, page, save, submit, words


def test_from_the_link_to_the_receipt_it_takes_five_screens(each_app, world, client):
    with factories.writing():
        link = f"/sign-in/{accounts.make_link(world.lab.user)}"
    screens = [client.get(link)]
    screens.append(client.submit(link, form=0))
    while screens[-1].status_code == 302:
        screens.append(client.get(screens[-1].location))
    screens += [client.get(page(world)), save(client, world)]
    screens += [client.get(screens[-1].location), submit(client, world)]
    screens.append(client.get(screens[-1].location))
    assert [s.status_code for s in screens].count(200) == 5
    assert draft(world).standing.receipt_no in screens[-1].text


def test_the_task_says_state_time_left_and_the_next_act(lab, world):
    said = words(lab.get("/lab/"))
    assert "待填报" in said
    assert "（北京时间）" in said
    assert "还剩 2 天" in said
    assert "未开放" in said
    save(lab, world)
    assert "草稿，尚未提交" in words(lab.get("/lab/"))
    submit(lab, world)
    assert f"已提交（回执号 {draft(world).standing.receipt_no}）" in words(lab.get("/lab/"))


def test_a_laboratory_without_a_round_reads_what_will_come(browser, world, no_noise):
    lonely = worlds.make(code="SN98").other.user
    with factories.writing():
        for held in db.session.get_one(accounts.User, lonely.id).grants:
            held.scope_id = held.party_id = 9999
    assert "暂无进行中的比对试验" in words(browser(lonely).get("/lab/"))


def test_the_form_asks_for_every_reading_of_both_samples_with_its_unit(lab, world):
    text = lab.get(page(world)).text
    for pack in (1, 2):
        for idx in range(1, 7):
            assert f'name="rc3.{pack}.1.load.{idx}"' in text
        assert f'name="r45.{pack}.1.residue.3"' in text
        assert world.lab.samples[pack] in text
    assert "破坏荷载（kN）" in text
    assert "破坏荷载（N）" in text
    assert "GB/T 17671-2021" in text


def test_the_form_goes_back_to_a_browser_as_it_was_typed(lab, world):
    lab.post(page(world), data={"rc3.1.1.load.1": "４２,9", "rev": "0", "act": "save"})
    answer = lab.get(page(world))
    assert 'value="４２,9"' in answer.text
    assert "请改为 42.9" in words(answer)
    assert "还缺第 2、3、4、5、6 个数值" in words(answer)
    assert words(answer).count("还缺第") == 2  # on top and at the group, and nowhere else


def test_full_width_digits_are_read_and_it_is_said(lab, world):
    lab.post(page(world), data={"init.1.1.elapsed.1": "１87", "rev": "0"})
    assert "已将“１87”识别为 187，请核对。" in words(lab.get(page(world)))


def test_every_finding_stands_on_top_and_leads_to_its_field(lab, world):
    save(lab, world, rc3__1__1__load__3="48.9", approved_by="钱示例", init__1__1__elapsed__1="x")
    text = lab.get(page(world)).text
    summary = text[text.index('id="said"') : text.index('id="conditions"')]
    for target in ("rc3.1.1.load.3", "rc3.1.reason", "approved_by", "reason", "init.1.1.elapsed.1"):
        assert f'href="#{target}"' in summary
    assert "1 个错误，2 个提醒待说明" in summary


def test_an_entry_with_an_error_cannot_be_submitted(lab, world):
    answer = lab.get(save(lab, world, init__1__1__elapsed__1="x").location)
    assert "提交 " not in words(answer).rpartition("返回填报")[2]
    refused = lab.post(page(world) + "/check", data={"rev": "1"})
    assert refused.status_code == 422
    assert draft(world).standing is None


def test_a_warning_is_answered_by_a_reason_and_then_submitted(lab, world):
    save(lab, world, rc3__1__1__load__3="48.9")
    assert lab.post(page(world) + "/check", data={"rev": "1"}).status_code == 422
    answer = lab.get(
        save(lab, world, rc3__1__1__load__3="48.9", rc3__1__reason="原始记录如此").location
    )
    assert "原始记录如此" in words(answer)
    assert submit(lab, world).status_code == 302


def test_a_void_set_is_submitted_only_when_it_is_called_void(lab, world):
    odd = {"rc3__1__1__load__1": "33.0", "rc3__1__1__load__2": "52.0", "rc3__1__reason": "已核对"}
    save(lab, world, **odd)
    assert lab.post(page(world) + "/check", data={"rev": "1"}).status_code == 422
    answer = lab.get(save(lab, world, rc3__1__status="void", **odd).location)
    assert "本组作废" in words(answer)
    assert submit(lab, world).status_code == 302


def test_the_check_shows_what_the_method_makes_of_the_readings(lab, world):
    said = words(lab.get(save(lab, world).location))
    assert "均值 26.0 · 极差 0.6 · 超 ±10%：无" in said
    assert "26.0 MPa" in said
    assert "截止前可修改后重新提交，每次修改保留记录。" in said


def test_the_receipt_says_what_was_received(lab, world):
    save(lab, world)
    said = words(lab.get(submit(lab, world).location))
    version = draft(world).standing
    assert (
        f"已收到贵单位 S1 数据，共 28 个测定值（第 1 次提交）。回执号 {version.receipt_no}，"
        in said
    )
    assert version.seal in said
    assert re.search(r"\d{4}年\d+月\d+日 \d\d:\d\d。", said)


def test_submitting_the_same_again_makes_no_second_version(lab, world):
    save(lab, world)
    first, again = submit(lab, world), submit(lab, world)
    assert first.location == again.location
    assert draft(world).standing.no == 1
    save(lab, world, press_no="YL-501")
    submit(lab, world)
    assert draft(world).standing.no == 2


def test_what_is_submitted_is_what_was_shown(lab, world, browser):
    save(lab, world)
    colleague = browser(worlds.colleague(world.lab.participation))
    save(colleague, world, press_no="YL-9")
    answer = lab.post(page(world) + "/check", data={"rev": "1"})
    assert answer.status_code == 409
    assert "YL-9" in answer.text
    assert draft(world).standing is None


def test_two_colleagues_at_once_see_both_texts_and_choose(each_app, world, browser):
    lab, other = (
        browser(world.lab.user),
        browser(worlds.colleague(world.lab.participation, "李同事")),
    )
    other.post(page(world), data={"press_no": "YL-2", "rev": "0"})
    answer = lab.post(page(world), data={"press_no": "YL-1", "tested_by": "钱", "rev": "0"})
    assert answer.status_code == 409
    assert all(text in answer.text for text in ("李同事", "YL-2", "YL-1"))
    assert draft(world).fields == {"press_no": "YL-2", "tested_by": "钱"}
    chosen = {"keep:press_no": "0", "copy:press_no": "YL-1", "press_no": "YL-2", "rev": "2"}
    assert lab.post(page(world), data=chosen).status_code == 302
    assert draft(world).fields["press_no"] == "YL-1"
    assert 'id="clash"' not in lab.get(page(world)).text


def test_a_text_that_lost_stays_on_the_form_until_somebody_chooses(lab, world, browser):
    other = browser(worlds.colleague(world.lab.participation, "李同事"))
    other.post(page(world), data={"press_no": "YL-2", "rev": "0"})
    lab.post(page(world), data={"press_no": "YL-1", "rev": "0", "act": "check"})
    for reader in (lab, other):
        lab.post(page(world), data={"press_no": "YL-2", "tested_by": "钱", "rev": "9"})
        assert all(text in words(reader.get(page(world))) for text in ("YL-1", "YL-2"))
    assert f'{page(world)}#clash"' in lab.get(page(world) + "/check").text
    lab.post(page(world), data={"keep:press_no": "stands", "press_no": "YL-2", "rev": "9"})
    assert "YL-1" not in lab.get(page(world)).text
    assert draft(world).fields["press_no"] == "YL-2"


def test_a_clash_with_the_own_account_speaks_of_a_window_and_says_the_day(lab, world):
    lab.post(page(world), data={"press_no": "YL-2", "rev": "0"})
    said = words(lab.post(page(world), data={"press_no": "YL-1", "rev": "0"}))
    assert "本账号的另一窗口于" in said
    assert "同事" not in said.partition("样品与试验条件")[0].replace(world.lab.name, "")
    assert re.search(r"另一窗口 \d{4}-\d\d-\d\d \d\d:\d\d 填写： YL-2", said)


def test_the_live_line_is_the_servers_and_keeps_nothing(lab, world):
    answer = lab.post(page(world) + "/live", data=worlds.typed(world, rc3__1__1__load__3="48.9"))
    group = answer.json["rc3.1"]
    assert group["line"] == "均值 26.8 · 极差 4.8 · 超 ±10%：3 · 结果 26.0 MPa"
    assert [remark["tone"] for remark in group["remarks"]] == ["warn"]
    assert group["say"]
    assert answer.json["rc3.2"]["remarks"] == []
    assert not answer.json["rc3.2"]["say"]
    assert draft(world).rev == 0


def test_a_field_that_is_not_of_the_stage_is_not_kept(lab, world):
    data = {"rc28.1.1.load.1": "77.1", "sample.1.item": "A", "press_no": "x" * 900, "rev": "no"}
    lab.post(page(world), data=data)
    assert draft(world).fields == {"press_no": "x" * 500}
