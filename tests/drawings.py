"""Reads our charts back: their words, the sentences of their marks, their shapes."""

import re
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
#: What hostile words try, and what must be left of them.
HOSTILE = "</title><script>alert(1)</script>\"'&\x00\x1b\ud800"
HARMLESS = "</title><script>alert(1)</script>\"'&"


def words(root: ET.Element) -> list[str]:
    """Return everything that is written, in order."""
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def marks(root: ET.Element) -> dict[str, ET.Element]:
    """Return the marks by the sentence each of them says, in the order in which they are drawn."""
    return {group.findtext(f"{SVG}title", ""): group for group in root.iter(f"{SVG}g")}


def shapes(mark: ET.Element) -> list[str]:
    """Return the kinds of shapes of a mark, without its title."""
    return [element.tag.removeprefix(SVG) for element in mark if element.tag != f"{SVG}title"]


def place(element: ET.Element) -> tuple[float, float]:
    """Return where a word or a rectangle stands."""
    return float(element.get("x", "nan")), float(element.get("y", "nan"))


def written(root: ET.Element, word: str) -> ET.Element:
    """Return the element that writes a word."""
    return next(element for element in root.iter(f"{SVG}text") if element.text == word)


def is_bare(drawn: str) -> bool:
    """Say whether a drawing does without styles, classes, ids, scripts and addresses."""
    return not re.search(r"<style|\s(?:style|class|id|on\w+|href)=|<script|url\(", drawn)
