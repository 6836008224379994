"""PDF and PNG by Typst, from templates of ours and data given as JSON.

Data never becomes markup: a template reads it with ``json`` from ``sys.inputs`` and shows strings
as text, so ``#``, ``*`` or ``[`` in a name print as themselves. Use it through
:mod:`core.documents`.
"""

import json
import threading
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from core.clock import now

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).parent / "typst"
#: Chinese families, the best first; those that are installed are tried in this order for every
#: character, so a rare one missing from the first still prints.
FAMILIES = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
)
#: Lengths in the templates of pictures are points: 144 pixels per inch make 2 pixels of each.
RESOLUTION = 144

#: Typst is not thread-safe: a second thread in the compiler gets "Already borrowed".
_lock = threading.Lock()


class RenderError(RuntimeError):
    """A document could not be typeset as it should look."""


def render(template: str, data: Mapping[str, Any], fmt: Literal["pdf", "png"] = "pdf") -> bytes:
    """Typeset ``template`` (a name in ``core/typst``) with ``data`` and return the file.

    A picture is one page. Raises :class:`RenderError` on any complaint of the compiler, above all
    "unknown font family", after which a document would show boxes instead of characters.
    """
    import typst

    families = chinese_families()
    if not families:
        raise RenderError(NO_FONT)
    inputs = {
        "data": json.dumps(data, ensure_ascii=False),
        "families": json.dumps(families),
    }
    with _lock:
        try:
            pages, warnings = _compiler().compile_with_warnings(
                input=str(TEMPLATES / f"{template}.typ"),
                format=fmt,
                ppi=RESOLUTION,
                sys_inputs=inputs,
                timestamp=now().replace(microsecond=0),
            )
        except typst.TypstError as error:
            raise RenderError(f"{template}: {error.message}") from error
    if warnings:
        raise RenderError(f"{template}: {'; '.join(w.message for w in warnings)}")
    if not isinstance(pages, bytes):
        raise RenderError(f"{template}: a picture is one page, this is {len(pages or [])}")
    return pages


NO_FONT = (
    "no Chinese font was found, so documents and ticket pictures cannot be made: "
    "install the Python package justmytype-intl-cjk or a system font such as Noto Sans CJK SC"
)


def fonts_ok() -> list[str]:
    """Return what keeps documents from showing Chinese text, as sentences; usually nothing."""
    try:
        render("probe", {"text": "质量月签到 0123"}, "png")
    except RenderError as error:
        return [str(error)]
    return []


@cache
def chinese_families() -> list[str]:
    """Return the installed families of :data:`FAMILIES`, in order."""
    installed = set(_fonts().families())
    return [family for family in FAMILIES if family in installed]


def _packaged_fonts() -> list[str]:
    """Return the directory of the font that comes as a Python package, where it is installed."""
    try:
        package = resources.files("justmytype_intl_cjk")
    except ModuleNotFoundError:
        return []
    return [str(package / "fonts" / "ofl" / "notosanssc")]


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(
        font_paths=_packaged_fonts(), include_system_fonts=True, include_embedded_fonts=False
    )


@cache
def _compiler() -> "typst.Compiler":
    import typst

    return typst.Compiler(root=str(TEMPLATES), font_paths=_fonts())
