"""PURE: which passwords are taken: long, not made of common parts, and not the login."""

import re
from itertools import pairwise

from core.errors import N_, InvalidInput

MIN = 12
MAX = 256
#: What the heads of the lists of leaked passwords are made of, and this product's own words.
COMMON = re.compile(
    r"password|passw0rd|admin|welcome|iloveyou|letmein|monkey|dragon|qwerty|asdf|zxcv|1qaz|abc|"
    r"woaini|zhiliang|quality|month|china|guangdong|123|321|1234|0000|1111|8888|6666|20\d\d"
)
#: A password needs so many characters that neither common parts nor runs explain.
OWN_CHARACTERS = 6


def check(password: str, login: str = "") -> None:
    """Raise :class:`InvalidInput` unless ``password`` is long, not blocked and not the login."""
    if not MIN <= len(password) <= MAX:
        raise InvalidInput(
            "password_length",
            N_("A password has 12 to 256 characters. A short sentence is easy to remember."),
        )
    if _easy_to_guess(password.lower(), login.lower()):
        raise InvalidInput(
            "password_common", N_("This password is easy to guess. Please choose another one.")
        )


def _easy_to_guess(password: str, login: str) -> bool:
    """Say whether the login, common parts and runs like 456 or aaa leave too little of it."""
    rest = COMMON.sub(" ", password)
    fresh = sum(abs(ord(char) - ord(before)) > 1 for before, char in pairwise(rest))
    return bool(login and login in password) or fresh < OWN_CHARACTERS
