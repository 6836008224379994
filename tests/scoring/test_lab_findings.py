"""What the laboratory's pages say of findings, of what was received, and of files refused."""

import re
from datetime import timedelta

from tests.scoring import worlds
from tests.scoring.lab_browser import draft, page, save, submit, words


def test_the_live_answer_names_the_wrong_cells(lab, world):
    fields = worlds.typed(world, init__1__1__elapsed__1="x", rc3__1__status="void")
    told = lab.post(page(world) + "/live", data=fields).json
    assert told["init.1"]["wrong"] == ["init.1.1.elapsed.1"]
    assert told["rc3.1"]["wrong"] == ["rc3.1.status"]


def test_a_set_that_the_method_does_not_void_may_not_be_called_void(lab, world):
    answer = lab.get(save(lab, world, rc3__1__status="void", rc3__1__reason="不满意").location)
    assert f'href="{page(world)}#rc3.1.status"' in answer.text
    assert lab.post(page(world) + "/check", data={"rev": "1"}).status_code == 422
    form = lab.get(page(world)).text
    state = form[form.index('id="rc3.1.status"') :].partition(">")[0]
    assert 'aria-invalid="true"' in state
    assert '<details class="more say" open>' in form


def test_a_set_that_the_method_voids_needs_nothing_but_the_tick(lab, world):
    odd = {"rc3__1__1__load__1": "33.0", "rc3__1__1__load__2": "52.0", "rc3__1__status": "void"}
    save(lab, world, **odd)
    assert submit(lab, world).status_code == 302


def test_the_check_says_a_finding_once_and_in_the_order_of_the_form(lab, world):
    text = lab.get(
        save(
            lab, world, rc3__1__1__load__3="48.9", approved_by="钱示例", final__1__1__elapsed__1="x"
        ).location
    ).text
    assert text.count("不是数字") == 1
    summary = text[text.index('id="said"') : text.index('id="sent-values"')]
    places = [summary.index(f"#{at}") for at in ("approved_by", "final.1", "rc3.1")]
    assert places == sorted(places)
    sheet = text[text.index('id="sent-values"') :]
    assert sheet.count('class="marked') == 2


def test_the_receipt_and_the_closed_page_show_the_values_received(app, browser, clock):
    world = worlds.make(closes_in=timedelta(minutes=10))
    lab = browser(world.lab.user)
    save(lab, world, press_no="YL-77")
    shown = [lab.get(submit(lab, world).location)]
    save(lab, world, press_no="YL-78")
    shown.append(lab.get(f"/lab/receipt/{world.stage.public_id}"))
    clock.to(world.stage.closes_at)
    shown.append(lab.get(page(world)))
    load = worlds.readings(("rc3",))["rc3.2.1.load.4"]
    for said in map(words, shown):
        assert all(text in said for text in ("YL-77", "26.0 MPa", f"4 {load}"))
        assert "YL-78" not in said
    number = draft(world).standing.receipt_no
    assert f'<span class="nowrap">{number}</span></h1>' in shown[0].text


def field(answer, name):
    """Return the tag of a field."""
    return re.search(rf'<input[^>]* name="{name}"[^>]*>', answer.text)[0]


def test_a_date_in_error_keeps_its_picker_unless_it_is_none(lab, world):
    save(lab, world, cast_at="2024-09-12T09:48", broken_at="2024-09-10T09:48")
    early = lab.get(page(world))
    assert 'type="datetime-local"' in field(early, "broken_at")
    save(lab, world, press_calibrated_to="abc", cast_at="昨天", broken_at="2024-09-10")
    answer = lab.get(page(world))
    for name, text in (("press_calibrated_to", "abc"), ("cast_at", "昨天"), ("broken_at", "2024")):
        assert 'type="text"' in field(answer, name)
        assert f'value="{text}' in field(answer, name)
    assert "试验机检定有效期至 ：“abc”不是日期，请按 2024-09-10 填写。" in words(answer)
    assert "单元格" not in words(answer)


def test_an_upload_without_a_file_or_with_too_large_a_one_leads_back_to_the_form(lab, world):
    form = lab.get(page(world))
    assert " required" in re.search(r'<input[^>]* name="sheet"[^>]*>', form.text)[0]
    path = page(world) + "/upload"
    empty = lab.post(path, data={"rev": "0"})
    assert empty.status_code == 422
    assert f'href="{page(world)}"' in empty.text
    # The length is announced, nothing of that length is sent: it is refused before it is read.
    answer = lab.post(
        path,
        data={"rev": "0"},
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(6 * 2**20)},
        headers={"Referer": f"http://localhost{page(world)}"},
    )
    assert answer.status_code == 413
    assert f'href="{page(world)}"' in answer.text
    assert lab.get(path).location == page(world)


def test_what_is_empty_is_asked_for_once_readings_are_typed(lab, world):
    assert "此项必填" not in words(lab.get(page(world)))
    save(lab, world, tested_by="", sample__2__condition="")
    answer = lab.get(page(world))
    assert words(answer).count("此项必填") == 2
    assert 'aria-invalid="true"' in field(answer, "tested_by")
