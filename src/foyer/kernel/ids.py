"""Identifiers and random codes, made by the application so that a lost connection can be looked up."""

import os
import time
from datetime import datetime
from uuid import UUID

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


_RANDOM_BITS = 74
_STEP_BYTES = 4
_latest = 0


class _Noise:
    """Random bytes of the operating system, fetched a page at a time: a system call for each id would cost more than the id."""

    def __init__(self) -> None:
        self._page = b""
        self._read = 0

    def number(self, length: int) -> int:
        """A random number of so many bytes."""
        start, self._read = self._read, self._read + length
        if self._read > len(self._page):
            self._page, start, self._read = os.urandom(4096), 0, length
        return int.from_bytes(self._page[start : self._read], "big")

    def forget(self) -> None:
        self._page = b""


_noise = _Noise()
os.register_at_fork(after_in_child=_noise.forget)


def uuid7() -> UUID:
    """A UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits.

    Ids of one process only rise (§6.2, monotonic random): within a millisecond each is the one before plus a random step, so
    that rows made together keep their order.
    """
    global _latest  # noqa: PLW0603 - the last id is what the next one has to be above
    millis = time.time_ns() // 1_000_000
    if millis > _latest >> _RANDOM_BITS:
        _latest = millis << _RANDOM_BITS | _noise.number(10) >> 6
    else:
        _latest += 1 + _noise.number(_STEP_BYTES)
    head, low = _latest >> 62, _latest & ((1 << 62) - 1)
    return UUID(int=(head >> 12 << 80) | (0x7 << 76) | (head & 0xFFF) << 64 | (0x2 << 62) | low)


def first_uuid7(moment: datetime) -> UUID:
    """The lowest id of a moment: what was made before it has a lower one."""
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | (0x7 << 76) | (0x2 << 62))


def crockford(length: int) -> str:
    """Random Crockford base-32 characters, 5 bits each; easy to read aloud and to type."""
    return "".join(CROCKFORD[byte & 31] for byte in os.urandom(length))


def order_number() -> str:
    """Eight characters, 40 random bits: says nothing about volume, and never opens an order by itself."""
    return crockford(8)


def ticket_code() -> str:
    """Sixteen characters, 80 random bits: what a steward types when a picture cannot be scanned."""
    return crockford(16)


def is_ticket_code(text: str) -> bool:
    """Whether something, once read, has the shape of a ticket's code."""
    return len(text) == 16 and set(text) <= set(CROCKFORD)


def read_crockford(text: str) -> str:
    """What a person meant by a typed code: case, spaces, dashes and look-alike letters are forgiven."""
    return text.strip().upper().translate(_READ_AS)
