"""Identifiers and random codes, made by the application so that a lost connection can be looked up."""

import os
import time
from uuid import UUID

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


def uuid7() -> UUID:
    """A UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits."""
    millis = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10), "big")
    value = (millis << 80) | tail
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def crockford(length: int) -> str:
    """Random Crockford base-32 characters, 5 bits each; easy to read aloud and to type."""
    return "".join(CROCKFORD[byte & 31] for byte in os.urandom(length))


def order_number() -> str:
    """Eight characters, 40 random bits: says nothing about volume, and never opens an order by itself."""
    return crockford(8)


def ticket_code() -> str:
    """Sixteen characters, 80 random bits: what a steward types when a picture cannot be scanned."""
    return crockford(16)


def read_crockford(text: str) -> str:
    """What a person meant by a typed code: case, spaces, dashes and look-alike letters are forgiven."""
    return text.strip().upper().translate(_READ_AS)
