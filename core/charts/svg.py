"""PURE: what every drawing is made of: the picture around it, words, lines, marks."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

INK = "#1f2933"
QUIET = "#52606d"
GRID = "#d9dee3"
PAPER = "#fff"
BAR = "#1d5a8c"
#: A column that dark lines cross.
SOFT = "#6f9abd"
WARN = "#9a5b00"
BAD = "#a4261d"
#: The background of what the reader asked for.
LIT = "#d5eaec"


class Svg(str):
    """A drawing of ours that a template shows without a filter.

    Safe to show unescaped: it is made only in :mod:`core.charts` and :mod:`core.qr`, from numbers
    and from text that went through :func:`text`, which escapes it.
    """

    __slots__ = ()

    def __html__(self) -> str:
        """Return the drawing as markup, for template engines."""
        return str(self)


def text(value: object) -> str:
    """Return ``value`` escaped for the content of an element, without control characters."""
    kept = (c for c in str(value) if c >= " " and c not in "\ufffe\uffff" and not _surrogate(c))
    return escape("".join(kept))


def _surrogate(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def drawing(width: int, height: int, title: str, description: str, parts: Sequence[str]) -> Svg:
    """Wrap ``parts``, already escaped markup, into a complete picture with title and text."""
    return Svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" font-family="system-ui, PingFang SC, '
        f'Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, sans-serif">'
        f"<title>{text(title)}</title><desc>{text(description)}</desc>"
        f"{''.join(parts)}</svg>"
    )


def mark(said: str, *shapes: str) -> str:
    """Group the shapes of one mark under the sentence that a pointer shows."""
    return f"<g><title>{text(said)}</title>{''.join(shapes)}</g>"


def word(
    x: float,
    y: float,
    said: str,
    *,
    anchor: str = "middle",
    fill: str = QUIET,
    size: int = 12,
    more: str = "",
) -> str:
    """Write a word; ``more`` holds further presentation attributes."""
    return (
        f'<text x="{n(x)}" y="{n(y)}" font-size="{size}" text-anchor="{anchor}" fill="{fill}"'
        f"{' ' + more if more else ''}>{text(said)}</text>"
    )


def path(commands: str, colour: str, *, width: float = 1, dash: str = "") -> str:
    """Draw a line that is not filled."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{commands}" stroke="{colour}" stroke-width="{n(width)}"{dashed} fill="none"/>'


def area(commands: str, fill: str, stroke: str = "none") -> str:
    """Draw a filled shape."""
    return f'<path d="{commands}" fill="{fill}" stroke="{stroke}"/>'


def box(x: float, y: float, width: float, height: float, fill: str, more: str = "") -> str:
    """Draw a rectangle; ``more`` holds further presentation attributes."""
    return (
        f'<rect x="{n(x)}" y="{n(y)}" width="{n(width)}" height="{n(height)}" fill="{fill}"'
        f"{' ' + more if more else ''}/>"
    )


def breadth(label: str, size: int = 12) -> float:
    """Return about how many pixels a label takes: ``size`` for a Chinese character, else 7/12."""
    return sum(size if ord(c) > 0x2E7F else size * 7 / 12 for c in label)


def n(value: float) -> str:
    """Return a coordinate with at most two decimals, no superfluous zeros and no minus zero."""
    short = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
