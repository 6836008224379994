"""Makes the files people send: photos with a place in them, films, documents."""

import io
import zipfile
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

#: Where the invented photos were taken; no kept file may hold it.
PLACE = b"+23.1291+113.2644"
MAKER = b"ExampleCam 9"
_TYPES = (
    '<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


@cache
def pixels(width: int, height: int, seed: int = 0) -> Image.Image:
    """Return a picture like a photo: soft colours, and a corner (top left) that is red."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 255, (max(height // 40, 2), max(width // 40, 2), 3), np.uint8)
    image = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    image.paste((220, 20, 20), (0, 0, width // 4, height // 4))
    return image


def exif(orientation: int = 1, taken: str = "2024:09:12 08:30:00") -> Image.Exif:
    """Return what a telephone writes about a photo, with the place."""
    block = Image.Exif()
    block[0x0112], block[0x010F] = orientation, MAKER.decode()
    block.get_ifd(0x8769)[0x9003] = taken
    block.get_ifd(0x8769)[0x927C] = b"maker note " + PLACE
    block.get_ifd(0x8825)[2] = (23.0, 7.0, 44.8)
    block.get_ifd(0x8825)[0x1D] = "2024:09:12"
    return block


def photo(width: int = 640, height: int = 480, *, seed: int = 0, **options: Any) -> bytes:
    """Return a JPEG by a telephone; ``exif=None`` for one without a word."""
    stream = io.BytesIO()
    options = {"quality": 88, "exif": exif(), "comment": PLACE, "xmp": b"<x>" + PLACE} | options
    options = {name: value for name, value in options.items() if value is not None}
    pixels(width, height, seed).save(stream, "JPEG", **options)
    return stream.getvalue()


def screenshot(width: int = 320, height: int = 200, mode: str = "RGB") -> bytes:
    """Return a PNG with a text and an EXIF block in it."""
    from PIL.PngImagePlugin import PngInfo

    text, stream = PngInfo(), io.BytesIO()
    text.add_text("Location", PLACE.decode())
    pixels(width, height).convert(mode).save(stream, "PNG", pnginfo=text, exif=exif())
    return stream.getvalue()


def pdf(text: str = "") -> bytes:
    """Return a file that calls itself a PDF from its beginning to its end."""
    return f"%PDF-1.7\n{text}\n%%EOF\n".encode()


def docx(*, types: str = _TYPES, **more: bytes) -> bytes:
    """Return a document of a word processor."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", "<w:document/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return stream.getvalue()


def box(name: bytes, content: bytes = b"") -> bytes:
    """Return a part of a film."""
    return (8 + len(content)).to_bytes(4) + name + content


def film(brand: bytes = b"isom", size: int = 5000) -> bytes:
    """Return the skeleton of a film by a telephone, with the place where phones write it."""
    place = box(b"udta", box(b"\xa9xyz", b"\0\x11\x15\xc7" + PLACE))
    described = box(b"meta", b"com.apple.quicktime.location.ISO6709" + PLACE)
    track = box(b"trak", box(b"tkhd", b"\0" * 84) + place)
    movie = box(b"moov", box(b"mvhd", b"\0" * 100) + track + place + described)
    xmp = box(b"uuid", b"\xbe\x7a\xcf\xcb" * 4 + b"<xmp>" + PLACE)
    return box(b"ftyp", brand + b"\0" * 8) + movie + xmp + box(b"mdat", b"film" * (size // 4))
