"""From a stranger's upload to a safe file: recognise, clean, name, keep."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from core import file_kinds, files, pictures, videos
from core.errors import N_, InvalidInput
from core.file_kinds import Kind
from core.files import Kept

#: Bytes of a document.
DOCUMENT = 50 * 2**20
PICTURES = (Kind.JPEG, Kind.PNG)
VIDEOS = (Kind.MP4, Kind.MOV)
_SMALL = "-small"


@dataclass(frozen=True)
class Taken:
    """A file on the disk that no row speaks of yet."""

    kind: Kind
    #: As it was called on the sender's machine, cleaned.
    name: str
    kept: Kept
    #: Day on which a photo was taken, as its camera said.
    taken_on: date | None = None

    def discard(self) -> None:
        """Remove it from the disk: it is not wanted."""
        files.discard(self.kept.place, self.kept.name, small(self.kept.name))


def small(name: str) -> str:
    """Return the name of the small copy that lies beside a photo."""
    return name + _SMALL


def whole(name: str) -> str:
    """Return the name of the file to which a small copy belongs, or the name itself."""
    return name.removesuffix(_SMALL)


def take(
    stream: BinaryIO, name: str, place: str, allowed: Collection[Kind], *, video: int
) -> Taken:
    """Keep an uploaded file below ``place``, or raise :class:`InvalidInput` with the reason.

    ``video`` is the most bytes of a film. Takes a second for a large photo: call it before the
    write transaction, and after ``read_only_done()``.
    """
    kind = file_kinds.recognise(stream, allowed)
    _check_size(stream, kind, video)
    name = file_kinds.clean_name(name, kind)
    if kind in PICTURES:
        stream.seek(0)
        picture = pictures.clean(stream.read())
        kept = files.keep(place, picture.content)
        files.keep(place, picture.small, name=small(kept.name))
        return Taken(kind, name, kept, picture.taken_on)
    content: Iterable[bytes] = files.chunks(stream)
    if kind in VIDEOS:
        content = videos.without_place(stream)
    return Taken(kind, name, files.keep(place, content))


def _check_size(stream: BinaryIO, kind: Kind, video: int) -> None:
    most = DOCUMENT
    if kind in PICTURES:
        most = pictures.SIZE
    elif kind in VIDEOS:
        most = video
    if stream.seek(0, 2) > most:
        raise InvalidInput(
            "file_too_large",
            N_("The file is larger than %(max)s MB. Send a smaller one, or a link to it."),
            max=most // 2**20,
        )
