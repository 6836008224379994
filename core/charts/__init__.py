"""PURE: our own charts, drawn as SVG on the server.

Only presentation attributes are used: no class, style, id or script, so a chart obeys the page's
policy, several stand on one page, and each prints unchanged in a PDF. A table with the same
figures belongs under every chart; ``<title>`` and ``<desc>`` name it for readers who cannot see
it. The rooms: :mod:`~core.charts.svg` (what every drawing is made of), ``scale`` (axes),
``counts`` (columns), ``spread`` (histogram), ``scores`` (sorted score bars), ``pairs`` (Youden).
"""

from core.charts.counts import columns
from core.charts.pairs import Ellipse, Guide, Point, youden
from core.charts.scale import Scale, nice_scale
from core.charts.scores import Bar, z_bars
from core.charts.spread import Line, histogram
from core.charts.svg import Svg, drawing, text

__all__ = [
    "Bar",
    "Ellipse",
    "Guide",
    "Line",
    "Point",
    "Scale",
    "Svg",
    "columns",
    "drawing",
    "histogram",
    "nice_scale",
    "text",
    "youden",
    "z_bars",
]
