"""Identifiers, codes, cursors."""

import time
from uuid import RFC_4122, UUID

import pytest

from foyer.kernel.errors import Invalid
from foyer.kernel.ids import CROCKFORD, crockford, order_number, read_crockford, ticket_code, uuid7
from foyer.kernel.paging import read_cursor, write_cursor


def test_uuid7_has_its_version_and_variant():
    for _ in range(200):
        one = uuid7()
        assert (one.version, one.variant) == (7, RFC_4122)


def test_uuid7_begins_with_the_time_and_sorts_by_it():
    before = time.time_ns() // 1_000_000
    first = uuid7()
    time.sleep(0.002)
    second = uuid7()
    after = time.time_ns() // 1_000_000

    assert first < second
    assert before <= first.int >> 80 < second.int >> 80 <= after


def test_uuid7_never_comes_twice():
    assert len({uuid7() for _ in range(20_000)}) == 20_000


def test_codes_are_of_crockford_letters_and_do_not_repeat():
    assert (len(CROCKFORD), len(set(CROCKFORD))) == (32, 32)
    assert not set("ILOU") & set(CROCKFORD)
    assert {len(order_number()), len(ticket_code()), len(crockford(5))} == {8, 16, 5}
    assert set("".join(ticket_code() for _ in range(500))) == set(CROCKFORD)
    assert len({ticket_code() for _ in range(2_000)}) == 2_000


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7KQ2-M9XT-4VDC-P3HA", "7KQ2M9XT4VDCP3HA"),
        ("  7kq2 m9xt 4vdc p3ha\n", "7KQ2M9XT4VDCP3HA"),
        ("oOiIlL", "001111"),
        ("", ""),
    ],
)
def test_typed_code_is_read_as_it_was_meant(typed, meant):
    assert read_crockford(typed) == meant


def test_cursor_comes_back():
    one = uuid7()

    assert read_cursor(write_cursor(one)) == one
    assert read_cursor(None) is None
    assert len(write_cursor(UUID(int=0))) == 22


@pytest.mark.parametrize("text", ["", "x", "abc", "A" * 21, "A" * 24, "\xe9" * 22, "A" * 10_000, " " * 22])
def test_what_is_no_cursor_is_refused_by_name(text):
    with pytest.raises(Invalid) as refusal:
        read_cursor(text)

    assert refusal.value.field == "cursor"


@pytest.mark.parametrize("junk", ["!", "\n", " ", "%", "*"])
def test_cursor_has_one_spelling(junk):
    good = write_cursor(uuid7())

    with pytest.raises(Invalid):
        read_cursor(good[:5] + junk + good[5:])
