"""PURE: what a file is by its own bytes, whatever its name says, and a name that says the same."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from enum import Enum
from typing import BinaryIO

from core import zips
from core.errors import N_, InvalidInput
from core.text import without_unreadable

#: Longest name of a file, in code points.
NAME = 120
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD, _TAIL = 64, 4096
#: Brands of pictures and sounds in the container of a film.
_STILL = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis",
          b"crx "}  # fmt: skip
_SOUND = {b"M4A ", b"M4B ", b"M4P "}
_WORD = zips.ZipBounds(unpacked=2**30, ratio=500, entries=5000)
_WORD_MAIN = b"wordprocessingml.document.main+xml"
_TYPES = 2**20
#: An ending of a name that somebody may take for its kind.
_ENDING = re.compile(r"\.(?=[a-z0-9]*[a-z])[a-z0-9]{1,5}$", re.IGNORECASE)
#: Characters that no system takes in names, and marks that turn the direction of a line.
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]')


class Kind(Enum):
    """A kind of file that may be taken: media type, and the ending of its name first of all."""

    PDF = ("application/pdf", ".pdf")
    DOCX = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".docx",
    )
    JPEG = ("image/jpeg", ".jpg", ".jpeg")
    PNG = ("image/png", ".png")
    MP4 = ("video/mp4", ".mp4", ".m4v")
    MOV = ("video/quicktime", ".mov", ".qt")

    @property
    def media_type(self) -> str:
        """Return the media type."""
        return str(self.value[0])

    @property
    def endings(self) -> tuple[str, ...]:
        """Return the endings a name may have, the usual one first."""
        return tuple(self.value[1:])


#: reason → (code, sentence); %(kinds)s is what the place takes.
_REFUSALS = {
    "empty": ("file_empty", N_("The file is empty. Choose it again.")),
    "picture": (
        "picture_kind",
        N_("HEIC, WebP, GIF, TIFF, BMP and SVG pictures are not taken. Send the picture as JPG."),
    ),
    "old_word": (
        "file_old_format",
        N_("This is an old .doc, .xls or .wps file. Save it as DOCX or PDF and send that."),
    ),
    "macros": (
        "file_macros",
        N_("The document contains macros. Save it as DOCX without macros, or as PDF."),
    ),
    "archive": (
        "file_archive",
        N_("Archives and workbooks are not taken. Send the files in it one by one as %(kinds)s."),
    ),
    "broken": (
        "file_broken",
        N_("The file is damaged or incomplete. Open it, save it again and send that."),
    ),
}
_OTHER = ("file_kind", N_("Files of this kind are not taken here. Send %(kinds)s."))


class KindRefused(InvalidInput):
    """A file of a kind that is not taken; ``reason`` says exactly why."""

    def __init__(self, reason: str, allowed: Iterable[Kind]) -> None:
        code, message = _REFUSALS.get(reason, _OTHER)
        super().__init__(code, message, kinds=names(allowed))
        self.reason = reason


def names(kinds: Iterable[Kind]) -> str:
    """Return kinds as people call them: PDF, DOCX, JPG."""
    return ", ".join(kind.endings[0][1:].upper() for kind in kinds)


def recognise(stream: BinaryIO, allowed: Collection[Kind]) -> Kind:
    """Return what a file is, or raise :class:`KindRefused`; takes milliseconds."""
    stream.seek(0)
    head = stream.read(_HEAD)
    found = _by_head(head)
    if found is Kind.DOCX:
        found = _word(stream)
    if found is Kind.PDF and not _ends(stream):
        found = "broken"
    if not isinstance(found, Kind) or found not in allowed:
        raise KindRefused(found if isinstance(found, str) else "kind", allowed)
    return found


def _by_head(head: bytes) -> Kind | str:
    """Return a kind, or the reason why a file of this beginning is refused."""
    if not head:
        return "empty"
    for begin, kind in (
        (b"%PDF-", Kind.PDF),
        (b"PK\x03\x04", Kind.DOCX),
        (b"\xff\xd8\xff", Kind.JPEG),
        (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    ):
        if head.startswith(begin):
            return kind
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    return _by_stranger(head)


def _by_brand(brand: bytes) -> Kind | str:
    if brand in _STILL:
        return "picture"
    if brand in _SOUND:
        return "sound"
    return Kind.MOV if brand == b"qt  " else Kind.MP4


def _by_stranger(head: bytes) -> str:
    if head.startswith((b"GIF8", b"II*\0", b"MM\0*", b"BM")) or head[8:12] == b"WEBP":
        return "picture"
    if b"<svg" in head.lower():
        return "picture"
    if head.startswith(_OLE):
        return "old_word"
    if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"PK")):
        return "archive"
    return "kind"


def _ends(stream: BinaryIO) -> bool:
    """Say whether a PDF has its end, i.e. was sent whole."""
    stream.seek(max(stream.seek(0, 2) - _TAIL, 0))
    return b"%%EOF" in stream.read()


def _word(stream: BinaryIO) -> Kind | str:
    """Return DOCX, or why a ZIP file is none; nothing but the list of its parts is unpacked."""
    try:
        with zips.opened(stream, _WORD) as archive:
            if not {"[Content_Types].xml", "word/document.xml"} <= set(archive.namelist()):
                return "archive"
            with archive.open("[Content_Types].xml") as part:
                types = part.read(_TYPES)
    except zips.ZipRefused as refused:
        return "macros" if refused.reason == "macros" else "broken"
    if b"macroenabled" in types.lower():
        return "macros"
    return Kind.DOCX if _WORD_MAIN in types else "archive"


def clean_name(name: str, kind: Kind) -> str:
    """Return the name of a file without path and tricks, with the ending of its real kind."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    name = " ".join(_NOT_IN_NAMES.sub("", without_unreadable(name)).split())
    ending = kind.endings[0]
    if name.lower().endswith(kind.endings):
        stem, ending = name.rsplit(".", 1)
        ending = f".{ending.lower()}"
    else:
        stem = _ENDING.sub("", name)
    return (stem.strip(". ")[: NAME - len(ending)] or "file") + ending
