"""Photos keep their pixels and lose what they say of places and people."""

import io
import struct
import time
import warnings
from datetime import date

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from core import exif, pictures
from core.picture_parts import PIXELS, PictureRefused, take_apart
from tests import sent_files
from tests.core.hostile.pictures import GOOD, HOSTILE, after_soi, chunk, png, resized, segment


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def difference(one: bytes, other: bytes) -> float:
    a, b = (
        np.asarray(ImageOps.exif_transpose(opened(data)).convert("RGB"), float)
        for data in (one, other)
    )
    assert a.shape == b.shape
    return float(np.abs(a - b).mean())


@pytest.mark.parametrize("make", [sent_files.photo, sent_files.screenshot])
def test_place_maker_and_words_are_gone(make):
    sent = make()
    kept = pictures.clean(sent)
    assert sent_files.PLACE in sent
    for data in (kept.content, kept.small):
        assert not any(w in data for w in (sent_files.PLACE, sent_files.MAKER, b"Exif", b"2024:09"))
        assert dict(opened(data).getexif()) == {}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stays_upright_and_looks_the_same(orientation):
    sent = sent_files.photo(exif=sent_files.exif(orientation))
    kept = pictures.clean(sent)
    assert difference(sent, kept.content) < 1
    assert opened(kept.content).size == (kept.width, kept.height)
    small = opened(kept.small)
    assert max(small.size) == pictures.SMALL
    assert (small.width > small.height) is (kept.width > kept.height)


def test_an_upright_photo_hardly_changes_a_pixel():
    sent = sent_files.photo(1600, 1200, quality=92, subsampling=0)
    kept = pictures.clean(sent)
    assert difference(sent, kept.content) < 0.2
    assert opened(kept.content).quantization == opened(sent).quantization


def test_colours_keep_their_profile():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kept = pictures.clean(sent_files.photo(icc_profile=profile))
    assert [opened(d).info["icc_profile"] for d in (kept.content, kept.small)] == [profile, profile]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_a_png_keeps_every_pixel(mode):
    sent = sent_files.screenshot(mode=mode)
    kept = pictures.clean(sent)
    assert np.array_equal(
        np.asarray(opened(sent).convert("RGBA")), np.asarray(opened(kept.content).convert("RGBA"))
    )
    assert opened(kept.small).mode in ("L", "RGB")


def test_the_small_copy_of_what_is_transparent_is_white():
    stream = io.BytesIO()
    Image.new("RGBA", (600, 10), (255, 0, 0, 0)).save(stream, "PNG")
    small = opened(pictures.clean(stream.getvalue()).small)
    assert small.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_a_jpeg_of_a_printer_or_in_grey_is_kept_in_its_colours(mode):
    stream = io.BytesIO()
    sent_files.pixels(600, 400).convert(mode).save(stream, "JPEG")
    kept = pictures.clean(stream.getvalue())
    assert opened(kept.content).mode == mode
    assert opened(kept.small).size == (480, 320)


def test_the_day_comes_from_the_camera_before_it_is_gone():
    assert pictures.clean(sent_files.photo()).taken_on == date(2024, 9, 12)
    assert pictures.clean(sent_files.screenshot()).taken_on == date(2024, 9, 12)
    assert pictures.clean(sent_files.photo(exif=None)).taken_on is None


def test_what_hangs_behind_the_end_is_cut_off():
    kept = pictures.clean(sent_files.photo() + b"<script>alert(1)</script>" * 1000)
    assert b"script" not in kept.content


def test_a_page_inside_a_photo_is_gone():
    kept = pictures.clean(after_soi(segment(0xFE, b"<html><script>1</script>")))
    assert b"script" not in kept.content


def test_a_progressive_photo_is_taken():
    sent = sent_files.photo(progressive=True)
    assert difference(sent, pictures.clean(sent).content) < 1


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_picture_is_refused_within_a_second(what):
    make, reason = HOSTILE[what]
    data = make()
    began = time.thread_time()
    with pytest.raises(PictureRefused) as refused:
        pictures.clean(data)
    assert time.thread_time() - began < 1
    assert refused.value.reason == reason
    assert pictures.clean(GOOD).width == 64


@pytest.mark.parametrize(
    "sent", [resized(9_000, 5_000), GOOD[:-300] + GOOD[-2:]], ids=["larger", "cut"]
)
def test_a_photo_that_promises_more_than_it_draws_is_grey_there(sent):
    assert opened(pictures.clean(sent).content).getpixel((5, 5))


def test_the_refusal_of_a_large_picture_says_how_large_it_may_be():
    with pytest.raises(PictureRefused) as refused:
        pictures.clean(HOSTILE["png: bomb of 2 GB"][0]())
    assert (refused.value.code, refused.value.params["pixels"]) == ("picture_too_large", 60)


def test_a_size_the_decoder_sees_differently_is_refused(monkeypatch):
    parts = take_apart(GOOD)
    monkeypatch.setattr(
        pictures, "take_apart", lambda _d: type(parts)("JPEG", 9, 9, parts.clean, b"")
    )
    with pytest.raises(PictureRefused):
        pictures.clean(GOOD)


def test_what_the_decoder_warns_of_is_refused(monkeypatch):
    def warn(*_args, **_options):
        warnings.warn("doubtful", UserWarning, stacklevel=1)

    monkeypatch.setattr(pictures.Image, "open", warn)
    with pytest.raises(PictureRefused):
        pictures.clean(GOOD)


def test_the_decoder_has_a_limit_of_its_own():
    assert Image.MAX_IMAGE_PIXELS == PIXELS


def tiff(*entries: tuple[int, int, int, bytes], order: str = "<", more: bytes = b"") -> bytes:
    mark = b"II*\0" if order == "<" else b"MM\0*"
    body = struct.pack(f"{order}IH", 8, len(entries))
    for tag, kind, count, value in entries:
        body += struct.pack(f"{order}HHI", tag, kind, count) + value
    return mark + body + bytes(4) + more


def test_both_byte_orders_are_read():
    entry = (0x0112, 3, 1, b"\0\6\0\0")
    assert exif.read(b"Exif\0\0" + tiff(entry, order=">"))[0] == 6
    assert exif.read(tiff((0x0112, 3, 1, b"\6\0\0\0")))[0] == 6


DATE = (0x0132, 2, 20, struct.pack("<I", 26))


@pytest.mark.parametrize(
    ("block", "known"),
    [
        (b"", (1, None)),
        (b"II*\0", (1, None)),
        (b"II*\0\xff\xff\xff\x7f", (1, None)),
        (b"II*\0\x08\0\0\0\xff\xff" + b"\xff" * 30, (1, None)),
        # The second directory is the first one again, and so on for ever.
        (tiff((0x8769, 4, 1, struct.pack("<I", 8))), (1, None)),
        (tiff((0x8769, 3, 1, b"\x08\0\0\0")), (1, None)),
        (tiff((0x0112, 3, 1, b"\x09\0\0\0")), (1, None)),
        (tiff((0x0112, 4, 1, b"\6\0\0\0")), (1, None)),
        (tiff(DATE, more=b"2024:09:12 08:30:00\0"), (1, date(2024, 9, 12))),
        (tiff(DATE, more=b"0000:00:00 00:00:00\0"), (1, None)),
        (tiff(DATE, more=b"1970:01:01 00:00:00\0"), (1, None)),
        (tiff(DATE, more=b"    :  :   00:00:00\0"), (1, None)),
        (tiff(DATE, more=b"20"), (1, None)),
        (tiff((0x0132, 2, 9, b"\x1a\0\0\0")), (1, None)),
    ],
)
def test_of_a_strange_block_nothing_is_known(block, known):
    assert exif.read(block) == known
    picture = pictures.clean(after_soi(segment(0xE1, b"Exif\0\0" + block)))
    assert picture.width == 64


def test_a_png_with_a_strange_profile_is_drawn_without_it():
    from tests.core.hostile.pictures import header, packed

    large = chunk(b"iCCP", b"x\0\0" + bytes(2**20))
    assert pictures.clean(png(header(4, 4), large, packed(52))).width == 4
