"""The ticket code: derived, read back from any decoration, told apart, never stored."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin import code

SECRET = bytes(range(32))
CODE = code.derive(SECRET, 7, 1)
codes = st.text(alphabet=code.ALPHABET, min_size=26, max_size=26)
ids = st.integers(0, 2**63 - 1)


def by_bits(secret: bytes, registration_id: int, issue_no: int) -> str:
    """Spell the code through a string of bits: another road to the same characters."""
    message = bytes.fromhex(f"{registration_id:016x}{issue_no:08x}")
    mac = hmac.new(secret, message, hashlib.sha256).digest()
    bits = "".join(f"{byte:08b}" for byte in mac)[:130]
    crockford = "0123456789" + "ABCDEFGH" + "JK" + "MN" + "PQRST" + "VWXYZ"
    return "".join(crockford[int(bits[start : start + 5], 2)] for start in range(0, 130, 5))


def test_printed_codes_never_change() -> None:
    assert code.derive(SECRET, 7, 1) == "BDTJ3HX7GXY04DXMNKF7DEJ1WM"
    assert code.derive(SECRET, 20_000, 3) == "FHY3Q9TPC1N897K8YNCVXW5Z7R"


@given(st.binary(min_size=1, max_size=64), ids, st.integers(0, 2**32 - 1))
def test_a_code_is_the_first_130_bits_of_the_mac(secret: bytes, number: int, issue: int) -> None:
    assert code.derive(secret, number, issue) == by_bits(secret, number, issue)
    assert code.derive(secret, number, issue) == code.derive(secret, number, issue)


def test_raising_the_issue_number_gives_another_code() -> None:
    assert len({code.derive(SECRET, 7, issue) for issue in range(100)}) == 100


def test_another_secret_gives_another_code() -> None:
    assert code.derive(b"another secret of the occasion", 7, 1) != CODE


def test_ten_thousand_codes_do_not_collide() -> None:
    assert len({code.derive(SECRET, number, 1) for number in range(10_000)}) == 10_000


def test_every_single_character_change_gives_another_digest() -> None:
    changed = {
        code.digest(CODE[:at] + other + CODE[at + 1 :])
        for at in range(code.LENGTH)
        for other in code.ALPHABET
        if other != CODE[at]
    }
    assert len(changed) == 26 * 31
    assert code.digest(CODE) not in changed


def test_the_digest_is_the_sha256_of_the_characters() -> None:
    assert code.digest(CODE) == hashlib.sha256(CODE.encode()).digest()


@pytest.mark.parametrize("text", ["", CODE.lower(), f" {CODE}", "O" * 26, CODE[:-1]])
def test_another_spelling_has_no_digest(text: str) -> None:
    with pytest.raises(ValueError, match="normalised"):
        code.digest(text)


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


DECORATIONS = {
    "bare": "{}",
    "spaces and line ends": "  {} \r\n",
    "link": "https://door.example.cn/t/{}",
    "port and slash": "HTTP://127.0.0.1:5000/T/{}/",
    "query and fragment": "https://door.example.cn/T/{}?from=groupmessage#top",
    "slash and query": "https://door.example.cn/T/{}/?a=/b/",
    "address in brackets": "http://[::1]:5000/T/{}",
    "space around a link": " https://door.example.cn/T/{} ",
}


@given(codes, st.sampled_from(sorted(DECORATIONS.values())), st.booleans(), st.booleans())
def test_a_code_is_read_from_any_decoration(
    plain: str, decoration: str, lower: bool, wide: bool
) -> None:
    text = decoration.format(plain)
    text = text.lower() if lower else text
    assert code.normalise(full_width(text) if wide else text) == plain


@given(codes, st.lists(st.tuples(st.integers(0, 26), st.sampled_from(" -\u3000\u2013\u2212\t"))))
def test_spaces_and_hyphens_inside_do_not_matter(
    plain: str, filling: list[tuple[int, str]]
) -> None:
    text = plain
    for at, char in filling:
        text = text[:at] + char + text[at:]
    assert code.normalise(text) == plain


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert code.normalise("IiLlOo" + "A" * 20) == "111100" + "A" * 20


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        CODE[:-1],
        CODE + "0",
        "U" + CODE[1:],
        "u" + CODE[1:],
        "张" + CODE[1:],
        "\u0131" + CODE[1:],  # its capital is an ASCII I
        "\ud800" + CODE[1:],
        "\0" + CODE[1:],
        f"https://door.example.cn/{CODE}",
        f"https://door.example.cn/T/{CODE}/more",
        f"https://door.example.cn/my/{CODE}",
        f"ftp://door.example.cn/T/{CODE}",
        f"https:///T/{CODE}",
        CODE + " " * 512,
    ],
)
def test_anything_else_is_no_code(text: str) -> None:
    assert code.normalise(text) is None


@given(st.text(max_size=600) | st.text(alphabet="htps:/T?#.-0ILOU ", max_size=600))
def test_reading_a_code_never_fails(text: str) -> None:
    found = code.normalise(text)
    assert found is None or (len(found) == 26 and set(found) <= set(code.ALPHABET))
    short = code.normalise_short(text)
    assert short is None or (len(short) == 8 and set(short) <= set(code.SHORT_ALPHABET))


def test_short_codes_avoid_what_looks_alike() -> None:
    assert len(set(code.SHORT_ALPHABET)) == 32
    assert not set(code.SHORT_ALPHABET) & set("0O1I")


@given(st.binary(min_size=5, max_size=5))
def test_a_short_code_spells_five_bytes(five: bytes) -> None:
    short = code.short_code(five)
    assert len(short) == code.SHORT_LENGTH
    value = 0
    for char in short:
        value = value * 32 + code.SHORT_ALPHABET.index(char)
    assert value.to_bytes(5, "big") == five


@pytest.mark.parametrize("size", [0, 4, 6])
def test_a_short_code_needs_exactly_five_bytes(size: int) -> None:
    with pytest.raises(ValueError, match="5 bytes"):
        code.short_code(bytes(size))


@given(st.binary(min_size=5, max_size=5))
def test_a_short_code_is_read_as_people_type_it(five: bytes) -> None:
    short = code.short_code(five)
    assert code.normalise_short(f" {short[:4]}-{short[4:]} ".lower()) == short
    assert code.normalise_short(full_width(short)) == short


@pytest.mark.parametrize(
    "text", ["", "ABCD234", "ABCD23456", "ABCD2340", "ABCD234O", "ABCD2341", "ABCD234I", "x" * 513]
)
def test_anything_else_is_no_short_code(text: str) -> None:
    assert code.normalise_short(text) is None


def test_a_token_has_22_characters_of_its_own_mac() -> None:
    key = hmac.new(SECRET, b"holder", hashlib.sha256).digest()
    message = (7).to_bytes(8, "big") + (1).to_bytes(8, "big")
    first = int.from_bytes(hmac.new(key, message, hashlib.sha256).digest()[:16], "big")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    # 22 characters are 132 bits, the last four of them zero.
    expected = "".join(letters[(first << 4) >> shift & 63] for shift in range(126, -1, -6))
    assert code.token(SECRET, "holder", 7, 1) == expected
    assert len(expected) == 22


def test_tokens_differ_by_secret_purpose_and_numbers() -> None:
    made = [
        code.token(secret, purpose, *numbers)
        for secret in (SECRET, b"another")
        for purpose in ("holder", "pairing", "bearer", "cookie")
        for numbers in ((), (0,), (0, 0), (1,), (1, 0), (0, 1))
    ]
    assert len(set(made)) == len(made)
    assert made[0] == code.token(SECRET, "holder")


def test_a_pin_has_six_digits_of_its_own_mac() -> None:
    key = hmac.new(SECRET, b"pin of 6 digits", hashlib.sha256).digest()
    mac = hmac.new(key, (3).to_bytes(8, "big"), hashlib.sha256).hexdigest()
    assert code.pin(SECRET, 3) == f"{int(mac, 16) % 1_000_000:06d}"


def test_pins_are_spread_evenly_over_the_digits() -> None:
    pins = [code.pin(SECRET, number) for number in range(3_000)]
    assert all(len(pin) == 6 and pin.isdigit() for pin in pins)
    for place in range(6):
        counts = [sum(pin[place] == digit for pin in pins) for digit in "0123456789"]
        # 300 each are expected; the series is fixed, so no chance is involved.
        assert min(counts) > 220
        assert max(counts) < 380


@pytest.mark.parametrize(
    ("site", "capitals"),
    [
        ("https://door.example.cn", f"HTTPS://DOOR.EXAMPLE.CN/T/{CODE}"),
        ("https://door.example.cn/", f"HTTPS://DOOR.EXAMPLE.CN/T/{CODE}"),
        ("http://127.0.0.1:5000", f"HTTP://127.0.0.1:5000/T/{CODE}"),
    ],
)
def test_a_link_is_all_capitals_or_all_small(site: str, capitals: str) -> None:
    assert code.link(site, CODE) == capitals
    assert code.link(site, CODE, lower=True) == capitals.lower()
    assert code.normalise(code.link(site, CODE, lower=True)) == CODE
    # QR alphanumeric mode holds capitals, digits and nine signs.
    assert set(capitals) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
