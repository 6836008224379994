"""The tools of the browser tests themselves: the camera shows its codes, complaints are heard."""

import base64
import http.server
import threading

import numpy as np
import pytest
import zxingcpp
from playwright.sync_api import expect

from tests import camera as film

TICKET = "HTTPS://ZLY.EXAMPLE.GOV.CN/T/BDTJ3HX7GXY04DXMNKF7DEJ1WM"
PAGE = b"""<!doctype html><html lang=en><title>Camera</title><h1 id=said>waiting</h1>
<video id=view playsinline muted></video><canvas id=still width=640 height=480></canvas>
<script src=/look.js></script>"""
SCRIPT = b"""const view = document.getElementById("view");
navigator.mediaDevices.getUserMedia({video: {width: 640, height: 480}}).then(async (stream) => {
  view.srcObject = stream;
  await view.play();
  document.getElementById("said").textContent = `${view.videoWidth} x ${view.videoHeight}`;
});
function still() {
  const pen = document.getElementById("still").getContext("2d");
  pen.drawImage(view, 0, 0);
  const pixels = pen.getImageData(0, 0, 640, 480).data;
  let grey = "";
  for (let at = 0; at < pixels.length; at += 4) grey += String.fromCharCode(pixels[at]);
  return btoa(grey);
}"""

PLAIN = b"<!doctype html><html lang=en><title>Plain</title><h1>Plain</h1>"
INLINE = PLAIN + b"<script>1</script>"
ANSWERS = {
    "/": ("text/html", PAGE),
    "/look.js": ("text/javascript", SCRIPT),
    "/plain": ("text/html", PLAIN),
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        kind, body = ANSWERS.get(self.path, ("text/html", INLINE))
        self.send_response(204 if self.path == "/favicon.ico" else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", "default-src 'self'; media-src 'self' blob:")
        self.end_headers()
        if self.path != "/favicon.ico":
            self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture
def page_url():
    """Serve a page of our own that shows the camera and nothing of the product."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def read(grey):
    """Return the texts of the codes in a grey picture."""
    return [found.text for found in zxingcpp.read_barcodes(grey)]


def test_a_frame_holds_a_code_that_reads():
    assert read(film.showing(TICKET)) == [TICKET]
    assert read(film.empty()) == []


def test_a_video_is_its_frames_in_order(tmp_path):
    path = film.y4m([TICKET, None], tmp_path / "film.y4m", seconds=0.2)
    head, *frames = path.read_bytes().split(b"FRAME\n")
    assert head == b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n"
    assert [len(frame) for frame in frames] == [640 * 480 * 3 // 2] * 4
    shown = [np.frombuffer(f, np.uint8)[: 640 * 480].reshape(480, 640) for f in frames]
    assert [read(grey) for grey in shown] == [[TICKET], [TICKET], [], []]


def test_chromium_sees_the_code_through_its_camera(camera, page_url):
    page = camera(TICKET)
    page.goto(page_url)
    expect(page.locator("#said")).to_have_text("640 x 480")
    pixels = np.frombuffer(base64.b64decode(page.evaluate("still()")), np.uint8)
    assert read(pixels.reshape(480, 640)) == [TICKET]


def test_a_breach_of_the_policy_is_heard(phone, console, page_url):
    console.allow("Content Security Policy")
    with phone.context.expect_event("console"):
        phone.goto(f"{page_url}/inline")
    assert any("Content Security Policy" in complaint for complaint in console.complaints)


def test_an_error_in_a_script_is_heard(desk, console, page_url):
    console.allow("planted")
    desk.goto(f"{page_url}/plain")
    with desk.context.expect_event("weberror"):
        desk.evaluate("() => { setTimeout(() => { throw new Error('planted') }) }")
    assert any("planted" in complaint for complaint in console.complaints)


def test_what_was_not_allowed_is_left_to_fail_the_test(phone, console, page_url):
    heard = type(console)()
    heard.watch(phone.context)
    console.allow("first|second")
    phone.goto(f"{page_url}/plain")
    with phone.context.expect_event("console", lambda message: message.text == "second"):
        phone.evaluate("() => { console.warn('first'); console.warn('second') }")
    heard.allow("first")
    assert [complaint.split(" (")[0] for complaint in heard.left()] == ["warning: second"]


def test_a_phone_is_a_phone_and_reads_chinese(phone, console, page_url):
    phone.goto(f"{page_url}/plain")
    seen = phone.evaluate("() => [screen.width, screen.height, navigator.language]")
    assert seen == [390, 844, "zh-CN"]
    assert phone.evaluate("() => navigator.maxTouchPoints > 0")
    assert console.left() == []


def test_a_desk_is_a_desk(desk, console, page_url):
    desk.goto(f"{page_url}/plain")
    assert desk.evaluate("() => [innerWidth, innerHeight]") == [1440, 900]
    assert console.left() == []
