import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from core import qr
from tests import pictures

CODE = "0123456789ABCDEFGHJKMNPQRS"


def link(host_length: int) -> str:
    return f"HTTPS://{'H' * host_length}/T/{CODE}"


def side(text: str, level: str = "M") -> int:
    return len(qr.matrix(text, level))


@pytest.mark.parametrize("host_length", [7, 24])
def test_a_ticket_link_fits_version_3_for_hosts_up_to_24_characters(host_length: int) -> None:
    assert side(link(host_length)) == 29


def test_a_longer_host_or_level_q_needs_version_4() -> None:
    assert side(link(25)) == side(link(24), "Q") == 33


def test_small_letters_cost_a_larger_symbol() -> None:
    assert side(link(24).lower()) > side(link(24))


def test_a_matrix_is_square_and_has_no_quiet_zone() -> None:
    rows = qr.matrix(link(24))
    assert {len(row) for row in rows} == {29}
    assert all(rows[0][:7])


@pytest.mark.parametrize("text", [link(24), link(24).lower(), "质量月 欧阳·买买提"])
@pytest.mark.parametrize("level", ["M", "Q"])
def test_a_png_decodes_to_its_text(text: str, level: str) -> None:
    assert pictures.qr(pictures.png(qr.png(text, level, scale=4))) == text


@pytest.mark.parametrize(("scale", "quiet"), [(1, 4), (3, 2), (10, 4)])
def test_a_png_has_a_white_border_of_the_quiet_zone(scale: int, quiet: int) -> None:
    pixels = pictures.png(qr.png(link(24), scale=scale, quiet=quiet))
    border = scale * quiet
    assert pixels.shape == ((29 + 2 * quiet) * scale,) * 2
    assert (pixels[:border] == 255).all()
    assert (pixels[:, -border:] == 255).all()
    assert (pixels[border : border + scale, border : border + 7 * scale] == 0).all()


def test_a_png_is_small() -> None:
    assert len(qr.png(link(24), scale=10)) < 1000


def test_a_ticket_decodes_at_a_symbol_width_of_70_pixels() -> None:
    modules = np.array(qr.matrix(link(24)))
    fine = np.kron(np.where(modules, 0, 255), np.ones((70, 70)))
    blurred = fine.reshape(70, 29, 70, 29).mean(axis=(1, 3))
    shown = np.pad(blurred, 12, constant_values=255).astype(np.uint8)
    assert pictures.qr(shown) == link(24)


def test_the_svg_paints_the_same_modules_as_the_matrix() -> None:
    root = ET.fromstring(qr.svg(link(24)))
    painted = np.zeros((37, 37), bool)
    path = root.find("{*}path")
    assert path is not None
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path.get("d", "")):
        painted[int(y), int(x) : int(x) + int(width)] = True
    assert painted[4:-4, 4:-4].tolist() == qr.matrix(link(24))
    assert painted.sum() == painted[4:-4, 4:-4].sum()


def test_the_svg_has_a_title_and_nothing_the_page_policy_refuses() -> None:
    drawn = qr.svg("A", module=3, quiet=2, title="<票> & 码")
    root = ET.fromstring(drawn)
    assert root.findtext("{*}title") == "<票> & 码"
    assert root.get("width") == str((21 + 4) * 3)
    assert not re.search(r"style|class|<script|\son\w+=|href", drawn)


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(KeyError):
        qr.matrix("A", "X")
