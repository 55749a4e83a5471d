"""The chain of a dossier's events: whole, and telling nothing about people."""

import datetime as dt
import hashlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.domain.calendar import VN
from motcua.domain.chain import GENESIS, Link, digest, link_hash

SALT = bytes(range(16))
LINK = Link(
    dossier_id="0192f0aa-0000-7000-8000-000000000001",
    seq=1,
    transition="T02",
    at=dt.datetime(2026, 11, 23, 8, 0, tzinfo=VN),
    actor_id=7,
    role="reception",
    from_state=None,
    to_state="received",
    digest=digest({"name": "Nguyễn Thị An"}, SALT),
)
OTHERWISE: dict[str, Any] = {
    "dossier_id": "0192f0aa-0000-7000-8000-000000000002",
    "seq": 2,
    "transition": "T03",
    "at": LINK.at + dt.timedelta(microseconds=1),
    "actor_id": None,
    "role": "admin",
    "from_state": "submitted",
    "to_state": "appraising",
    "digest": bytes(32),
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def test_a_chain_begins_with_zeros() -> None:
    assert bytes(32) == GENESIS


def test_the_hash_of_an_event_stays_what_it_was_in_an_archive() -> None:
    """Chains are kept for ever: this value must never change."""
    body = (
        '{"dossier_id":"0192f0aa-0000-7000-8000-000000000001","seq":1,"transition":"T02",'
        '"at":"2026-11-23T01:00:00Z","actor_id":7,"role":"reception","from_state":null,'
        '"to_state":"received","digest":"/NoQ/pxaBPT0hhYFEcmMgP/i1nqc5mYumxH2PUPzr3s="}'
    )

    assert link_hash(GENESIS, LINK) == hashlib.sha256(GENESIS + body.encode()).digest()


@pytest.mark.parametrize("name", Link.__struct_fields__)
def test_a_change_of_anything_breaks_the_chain(name: str) -> None:
    changed = msgspec.structs.replace(LINK, **{name: OTHERWISE[name]})

    assert link_hash(GENESIS, changed) != link_hash(GENESIS, LINK)


def test_an_event_is_chained_to_the_one_before() -> None:
    assert link_hash(bytes(31) + b"\1", LINK) != link_hash(GENESIS, LINK)


def test_the_time_zone_a_moment_is_written_in_does_not_matter() -> None:
    """The database answers in UTC what was written in Vietnam."""
    in_utc = msgspec.structs.replace(LINK, at=LINK.at.astimezone(dt.UTC))

    assert link_hash(GENESIS, in_utc) == link_hash(GENESIS, LINK)


@given(json_values)
def test_a_digest_survives_being_stored_as_json(data: Any) -> None:
    stored = msgspec.json.decode(msgspec.json.encode(data))

    assert digest(stored, SALT) == digest(data, SALT)


@given(st.dictionaries(st.text(), st.text(), min_size=2))
def test_the_order_of_keys_does_not_matter(data: dict[str, str]) -> None:
    """``jsonb`` keeps no order."""
    assert digest(dict(reversed(data.items())), SALT) == digest(data, SALT)


@given(json_values, st.binary(min_size=16, max_size=16))
def test_without_the_salt_a_digest_tells_nothing_to_compare_with(data: Any, salt: bytes) -> None:
    same = salt == SALT

    assert (digest(data, salt) == digest(data, SALT)) is same
    assert len(digest(data, salt)) == 32
