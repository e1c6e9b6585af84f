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


def uuid7() -> UUID:
    """A UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits.

    Ids of one process only rise (§6.2, monotonic random): within a millisecond each is the one before plus a random step, so
    that rows made together keep their order.
    """
    global _latest  # noqa: PLW0603 - the last id is what the next one has to be above
    fresh = (time.time_ns() // 1_000_000 << _RANDOM_BITS) | int.from_bytes(os.urandom(10), "big") >> 6
    step = 1 + int.from_bytes(os.urandom(_STEP_BYTES), "big")
    _latest = fresh if fresh >> _RANDOM_BITS > _latest >> _RANDOM_BITS else _latest + step
    head, low = _latest >> 62, _latest & ((1 << 62) - 1)
    millis, high = head >> 12, head & 0xFFF
    return UUID(int=(millis << 80) | (0x7 << 76) | (high << 64) | (0x2 << 62) | low)


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
