"""What a file is by its bytes, its name, and a film without its place."""

import io

import pytest

from core import file_kinds, videos
from core.file_kinds import Kind, KindRefused, clean_name, recognise
from tests import sent_files

GOOD = {
    Kind.PDF: sent_files.pdf(),
    Kind.DOCX: sent_files.docx(),
    Kind.JPEG: sent_files.photo(64, 48),
    Kind.PNG: sent_files.screenshot(),
    Kind.MP4: sent_files.film(),
    Kind.MOV: sent_files.film(b"qt  "),
}


@pytest.mark.parametrize("kind", Kind)
def test_a_file_is_what_its_bytes_say(kind: Kind) -> None:
    assert recognise(io.BytesIO(GOOD[kind]), list(Kind)) is kind


def ftyp(brand: bytes) -> bytes:
    return sent_files.box(b"ftyp", brand + bytes(8))


MACROS = sent_files.docx(types="macroEnabled wordprocessingml.document.main+xml")
STRANGE = {
    "nothing": (b"", "empty"),
    "heic": (ftyp(b"heic"), "picture"),
    "avif": (ftyp(b"avif"), "picture"),
    "webp": (b"RIFF\0\0\0\0WEBPVP8 ", "picture"),
    "gif": (b"GIF89a<script>", "picture"),
    "tiff": (b"II*\0\x08\0\0\0", "picture"),
    "bmp": (b"BM123456", "picture"),
    "svg as png": (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "picture"),
    "html": (b"<!doctype html><script>alert(1)</script>", "kind"),
    "exe": (b"MZ\x90\0", "kind"),
    "elf": (b"\x7fELF", "kind"),
    "script": (b"#!/bin/sh\n", "kind"),
    "text": (b"hello", "kind"),
    "sound": (ftyp(b"M4A "), "sound"),
    "old doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_word"),
    "docm": (MACROS, "macros"),
    "docx with macros": (sent_files.docx(word__vbaProject_dot_bin=b"x"), "macros"),
    "docx that is none": (sent_files.docx(types="<Types/>"), "archive"),
    "docx cut off": (sent_files.docx()[:-30], "broken"),
    "docx bomb": (sent_files.docx(word__bomb=bytes(3_000_000)), "broken"),
    "docx climbs": (sent_files.docx(**{"..__..__etc": b"x"}), "broken"),
    "empty zip": (b"PK\x05\x06" + bytes(18), "archive"),
    "rar": (b"Rar!\x1a\x07", "archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "archive"),
    "gz": (b"\x1f\x8b\x08", "archive"),
    "pdf cut off": (b"%PDF-1.7 ...", "broken"),
}


@pytest.mark.parametrize("what", STRANGE)
def test_a_file_of_another_kind_is_refused_with_its_reason(what: str) -> None:
    data, reason = STRANGE[what]
    with pytest.raises(KindRefused) as refused:
        recognise(io.BytesIO(data), list(Kind))
    assert refused.value.reason == reason


def test_a_workbook_is_no_document() -> None:
    from tests.core.hostile import packages

    with pytest.raises(KindRefused) as refused:
        recognise(io.BytesIO(packages.workbook()), list(Kind))
    assert refused.value.code == "file_archive"


def test_a_good_kind_in_the_wrong_place_is_refused_by_what_the_place_takes() -> None:
    with pytest.raises(KindRefused) as refused:
        recognise(io.BytesIO(GOOD[Kind.MP4]), [Kind.PDF, Kind.JPEG])
    assert (refused.value.code, refused.value.params) == ("file_kind", {"kinds": "PDF, JPG"})


@pytest.mark.parametrize(
    ("sent", "kind", "kept"),
    [
        ("照片 1.JPG", Kind.JPEG, "照片 1.jpg"),
        ("a.jpeg", Kind.JPEG, "a.jpeg"),
        ("C:\\Users\\a\\b.png", Kind.PNG, "b.png"),
        ("../../etc/passwd", Kind.PDF, "passwd.pdf"),
        ("photo.jpg.exe", Kind.JPEG, "photo.jpg.jpg"),
        ("page.html", Kind.PNG, "page.png"),
        ("方案 1.2", Kind.PDF, "方案 1.2.pdf"),
        ("gpj.\u202eexe.pdf", Kind.PDF, "gpj.exe.pdf"),
        ("a\x00b\r\nc.pdf", Kind.PDF, "ab c.pdf"),
        ('<a>:"|?*.pdf', Kind.PDF, "a.pdf"),
        ("", Kind.MOV, "file.mov"),
        (".pdf", Kind.PDF, "file.pdf"),
        ("...", Kind.PDF, "file.pdf"),
        ("𬭎" * 200 + ".pdf", Kind.PDF, "𬭎" * 116 + ".pdf"),
        ("\udcff.pdf", Kind.PDF, "file.pdf"),
    ],
)
def test_a_name_is_cleaned_and_ends_as_its_kind_does(sent: str, kind: Kind, kept: str) -> None:
    assert clean_name(sent, kind) == kept


@pytest.mark.parametrize("brand", [b"isom", b"qt  "])
def test_a_film_loses_its_place_and_nothing_moves(brand: bytes) -> None:
    sent = sent_files.film(brand)
    kept = b"".join(videos.without_place(io.BytesIO(sent)))
    assert (sent_files.PLACE in sent, sent_files.PLACE in kept) == (True, False)
    assert len(kept) == len(sent)
    assert kept[kept.index(b"mdat") :] == sent[sent.index(b"mdat") :]
    assert [kept.count(n) for n in (b"udta", b"meta", b"uuid", b"free")] == [0, 0, 0, 4]
    assert kept.count(b"tkhd") == 1


def test_descriptions_across_the_pieces_are_blanked(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = b"".join(videos.without_place(io.BytesIO(sent_files.film())))
    monkeypatch.setattr(videos, "_CHUNK", 7)
    assert b"".join(videos.without_place(io.BytesIO(sent_files.film()))) == whole


LONG = b"\0\0\0\1mdat" + (24).to_bytes(8) + b"12345678"


def test_long_and_open_boxes_are_walked() -> None:
    sent = sent_files.box(b"ftyp", b"isom") + sent_files.box(b"moov") + LONG + b"\0\0\0\0mdatrest"
    assert b"".join(videos.without_place(io.BytesIO(sent))) == sent


BROKEN = {
    "no film": sent_files.box(b"ftyp", b"isom"),
    "cut off": sent_files.film()[:-9],
    "too short a box": sent_files.film() + b"\0\0\0\x07free",
    "endless": sent_files.box(b"moov", sent_files.box(b"free") * 20_000),
    "too many descriptions": sent_files.box(b"moov", sent_files.box(b"udta") * 300),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_film_that_is_not_whole_is_refused(what: str) -> None:
    with pytest.raises(videos.VideoRefused):
        videos.without_place(io.BytesIO(BROKEN[what]))


def test_a_kind_has_the_media_type_of_its_files() -> None:
    assert (Kind.JPEG.media_type, Kind.MOV.media_type) == ("image/jpeg", "video/quicktime")


def test_names_of_kinds_are_those_people_use() -> None:
    assert file_kinds.names(Kind) == "PDF, DOCX, JPG, PNG, MP4, MOV"
