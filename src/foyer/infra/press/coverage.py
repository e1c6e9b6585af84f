"""Which characters our fonts can draw: PDF/A forbids a document with one that none of them has."""

import struct
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

SUFFIXES: Final = {".ttf", ".otf"}
UNKNOWN: Final = "?"
# A break that may be taken, and the ends of lines: nothing that is drawn.
UNDRAWN: Final = frozenset("\u200b\n\t ")
_SEGMENTS: Final = (3, 1, 4)
_GROUPS: Final = (3, 10, 12)
"""Platform, encoding and format of the two kinds of table that fonts of today have."""


def covered(folders: Iterable[str]) -> frozenset[str]:
    """Every character that some font in these folders has."""
    found: set[str] = set()
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix.lower() in SUFFIXES:
                for first, last in _ranges(path.read_bytes()):
                    found.update(map(chr, range(first, min(last, 0x10FFFF) + 1)))
    return frozenset(found)


def drawable(data: Any, known: frozenset[str]) -> Any:
    """The same data with every text limited to these characters."""
    if isinstance(data, str):
        return data if known.issuperset(data) else "".join(_drawable(letter, known) for letter in data)
    if isinstance(data, dict):
        return {key: drawable(value, known) for key, value in data.items()}
    if isinstance(data, list) and (not data or not isinstance(data[0], int)):
        return [drawable(value, known) for value in data]
    return data


def _drawable(letter: str, known: frozenset[str]) -> str:
    if letter in known or letter in UNDRAWN:
        return letter
    # A picture or a mark can go; where a letter is missing, somebody should see that it is.
    return UNKNOWN if unicodedata.category(letter)[0] in "LN" else ""


def _ranges(font: bytes) -> Iterator[tuple[int, int]]:
    """The ranges of characters of a font file; none of one that cannot be read."""
    try:
        yield from _read(font)
    except struct.error:
        return


def _read(font: bytes) -> Iterator[tuple[int, int]]:
    (tables,) = struct.unpack_from(">H", font, 4)
    for number in range(tables):
        tag, _, start, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if tag != b"cmap":
            continue
        (subtables,) = struct.unpack_from(">H", font, start + 2)
        for which in range(subtables):
            platform, encoding, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * which)
            (form,) = struct.unpack_from(">H", font, start + offset)
            if (platform, encoding, form) == _GROUPS or (platform, form) == (0, 12):
                yield from _groups(font, start + offset)
            elif (platform, encoding, form) == _SEGMENTS or (platform, form) == (0, 4):
                yield from _segments(font, start + offset)


def _groups(font: bytes, at: int) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", font, at + 12)
    for number in range(count):
        first, last, _ = struct.unpack_from(">III", font, at + 16 + 12 * number)
        yield first, last


def _segments(font: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Segments without the characters that they map to no glyph at all."""
    (twice,) = struct.unpack_from(">H", font, at + 6)
    ends, starts = at + 14, at + 16 + twice
    for place in range(0, twice, 2):
        (last,), (first,) = (
            struct.unpack_from(">H", font, ends + place),
            struct.unpack_from(">H", font, starts + place),
        )
        (delta,) = struct.unpack_from(">H", font, starts + twice + place)
        where = starts + 2 * twice + place
        (offset,) = struct.unpack_from(">H", font, where)
        for letter in range(first, last + 1):
            if letter == 0xFFFF:
                continue
            glyph = (letter + delta) & 0xFFFF
            if offset:
                (glyph,) = struct.unpack_from(">H", font, where + offset + 2 * (letter - first))
            if glyph:
                yield letter, letter
