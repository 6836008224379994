"""Photos that strangers send: drawn again without location and maker, with a small copy.

A picture is taken apart before it is decoded (:mod:`core.picture_parts`), so its size is known and
the decoder meets nothing but what is needed to draw it. One picture at a time is decoded in a
process, which bounds the memory; the decoder lets other threads run meanwhile.
"""

import io
import threading
import warnings
from dataclasses import dataclass
from datetime import date
from typing import Any

from PIL import Image, JpegImagePlugin, PngImagePlugin

from core import exif
from core.picture_parts import PIXELS, Parts, PictureRefused, take_apart

#: Bytes of a picture.
SIZE = 50 * 2**20
#: Longest side of the small copy.
SMALL = 480
_SMALL_PROFILE = 2**14
_DECODING = threading.Lock()
#: How to turn a picture upright, by its orientation in EXIF.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# The limit of take_apart() comes first; this is the second wall. What Pillow merely warns of is
# refused here: a doubtful picture is no evidence.
Image.MAX_IMAGE_PIXELS = PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
warnings.filterwarnings("error", module=r"PIL\..*")


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: upright, and without anything but its pixels and colours."""

    content: bytes
    #: A JPEG of at most :data:`SMALL` pixels a side.
    small: bytes
    width: int
    height: int
    #: Day on which it was taken, as the camera said.
    taken_on: date | None


def clean(data: bytes) -> Picture:
    """Return the picture to keep, or raise :class:`PictureRefused`."""
    parts = take_apart(data)
    orientation, taken_on = exif.read(parts.exif)
    with _DECODING:
        try:
            return _redrawn(parts, orientation, taken_on)
        except Exception as error:  # whatever a decoder stumbles over is no evidence
            raise PictureRefused("decoder") from error


def _redrawn(parts: Parts, orientation: int, taken_on: date | None) -> Picture:
    image = Image.open(io.BytesIO(parts.clean), formats=(parts.kind,))
    if image.size != (parts.width, parts.height):
        raise ValueError("the decoder sees another size")
    image.load()
    content, upright = _drawn(image, parts, orientation)
    return Picture(content, _small(upright), *_size(parts, orientation), taken_on)


def _size(parts: Parts, orientation: int) -> tuple[int, int]:
    size = parts.width, parts.height
    return size if orientation < 5 else (size[1], size[0])


def _drawn(image: Any, parts: Parts, orientation: int) -> tuple[bytes, Image.Image]:
    """Return the file of a picture turned upright, and the picture itself."""
    turned = image.transpose(_TURNS[orientation]) if orientation in _TURNS else image
    profile = {"icc_profile": image.info.get("icc_profile")}
    if parts.kind == "PNG":
        kept = {"transparency": image.info["transparency"]} if "transparency" in image.info else {}
        # No text of the file goes along, and the size is close to what a camera wrote.
        text = PngImagePlugin.PngInfo()
        return _file(turned, "PNG", compress_level=4, pnginfo=text, **profile, **kept), turned
    if turned is image:
        return _file(image, "JPEG", quality="keep", optimize=True, **profile), image
    tables = [table for _number, table in sorted(image.quantization.items())]
    if orientation >= 5:  # rows have become columns
        tables = [[table[8 * x + y] for y in range(8) for x in range(8)] for table in tables]
    sampling = JpegImagePlugin.get_sampling(image)
    more = {"qtables": tables, "optimize": True, **profile}
    return _file(turned, "JPEG", subsampling=max(sampling, 0), **more), turned


def _file(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def _small(image: Image.Image) -> bytes:
    """Return a small JPEG; what is transparent becomes white."""
    profile = image.info.get("icc_profile") or b""
    if image.mode in ("P", "PA"):  # neighbours of a palette are no colours between
        image = image.convert("RGBA")
    image.thumbnail((SMALL, SMALL), reducing_gap=2.0)
    if image.mode in ("LA", "RGBA") or "transparency" in image.info:
        shown = image.convert("RGBA")
        image = Image.new("RGB", shown.size, "white")
        image.paste(shown, mask=shown.getchannel("A"))
    if image.mode not in ("RGB", "L"):
        image, profile = image.convert("RGB"), b"" if image.mode == "CMYK" else profile
    profile = profile if len(profile) <= _SMALL_PROFILE else b""
    return _file(image, "JPEG", quality=80, optimize=True, icc_profile=profile or None)
