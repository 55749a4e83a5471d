"""One-time codes: the vectors of RFC 6238, the skew of one step, no step twice."""

import base64
import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain import totp

SECRET = b"12345678901234567890"
NOON = dt.datetime(2026, 12, 1, 12, 0, tzinfo=dt.UTC)


def at(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, SHA-1; the last six of its eight digits."""
    assert totp.code_at(SECRET, totp.step_at(at(seconds))) == code


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(steps: int, good: bool) -> None:
    code = totp.code_at(SECRET, totp.step_at(NOON) + steps)

    found = totp.matching_step(SECRET, code, NOON)

    assert found == (totp.step_at(NOON) + steps if good else None)


def test_a_step_that_was_used_is_no_longer_good() -> None:
    step = totp.step_at(NOON)
    code = totp.code_at(SECRET, step)

    assert totp.matching_step(SECRET, code, NOON, after=step - 1) == step
    assert totp.matching_step(SECRET, code, NOON, after=step) is None


@given(code=st.text(max_size=8))
def test_what_is_no_code_never_matches(code: str) -> None:
    step = totp.step_at(NOON)
    right = {totp.code_at(SECRET, each) for each in range(step - 1, step + 2)}

    assert (totp.matching_step(SECRET, code, NOON) is not None) == (code in right)


@given(secret=st.binary(min_size=20, max_size=20))
def test_an_app_reads_the_secret_out_of_the_address(secret: bytes) -> None:
    address = totp.address(secret, issuer="Một Cửa", account="an (Phường Một)")

    told = parse_qs(urlsplit(address).query)
    written = told["secret"][0]
    assert base64.b32decode(written + "=" * (-len(written) % 8)) == secret
    assert told["issuer"] == ["Một Cửa"]
    assert address.startswith("otpauth://totp/")
