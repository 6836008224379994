"""PURE: finds a free place for a label beside its mark."""

from dataclasses import dataclass, field

from core.charts.svg import breadth

#: How far a label stands from the middle of its mark.
AWAY = 8.0
#: A font may be wider than reckoned.
SPARE = 1.1

Box = tuple[float, float, float, float]


@dataclass
class Placing:
    """The field of a chart and what in it is taken; labels are ``size`` pixels high."""

    left: float
    top: float
    right: float
    bottom: float
    size: int
    taken: list[Box] = field(default_factory=list)

    def take(self, x: float, y: float, radius: float = 4.0) -> None:
        """Keep labels off a mark."""
        self.taken.append((x - radius, y - radius, x + radius, y + radius))

    def find(
        self, x: float, y: float, label: str, *, away: float = AWAY, leftwards: bool = False
    ) -> tuple[float, float] | None:
        """Return where the label's text starts, or None where everything around is taken."""
        wide = breadth(label, self.size) * SPARE
        for left, middle in _around(x, y, wide, self.size, away, leftwards):
            place = (left, middle - self.size / 2, left + wide, middle + self.size / 2)
            if self._free(place):
                self.taken.append(place)
                return left, middle + self.size * 0.36
        return None

    def _free(self, place: Box) -> bool:
        left, top, right, bottom = place
        inside = (
            left >= self.left and top >= self.top and right <= self.right and bottom <= self.bottom
        )
        return inside and not any(
            left < other[2] and right > other[0] and top < other[3] and bottom > other[1]
            for other in self.taken
        )


def _around(
    x: float, y: float, wide: float, size: int, away: float, leftwards: bool
) -> list[tuple[float, float]]:
    """Return the places to try: the wanted side, the other, above, below, the corners, further."""
    sides = [x + away, x - away - wide]
    if leftwards:
        sides.reverse()
    beside = [(side, y) for side in sides]
    middle = [(x - wide / 2, y + up) for up in (-away - size / 2, away + size / 2)]
    corners = [(side, y + up * size) for up in (-1, 1, -2, 2) for side in sides]
    return beside + middle + corners
