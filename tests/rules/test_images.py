"""Pictures from strangers: what is kept is a picture of our own making, or nothing is."""

import io
import struct
import time
import zlib

import pytest
from PIL import Image

from foyer.infra.files import UPLOAD_BYTES_MAX, Picture, Use, developed
from foyer.kernel.errors import Invalid, OverLimit
from tests.support.pictures import picture

SCRIPT = b"<script>alert(1)</script><svg onload=alert(1)>"
SECONDS_MAX = 2.0


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int, *, packed: bytes = b"", more: bytes = b"") -> bytes:
    """A PNG that says it is this large, whatever is in it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + more
        + chunk(b"IDAT", packed or zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def exif(orientation: int) -> bytes:
    data = Image.Exif()
    data[0x0112], data[0x010E], data[0x8825] = orientation, SCRIPT.decode(), {1: "N", 2: (54.0, 19.0, 0.0)}
    return data.tobytes()


def frames(kind: str) -> bytes:
    made = io.BytesIO()
    first, *more = (Image.new("RGB", (40, 30), color) for color in ("red", "green", "blue"))
    first.save(made, kind, save_all=True, append_images=more, duration=100)
    return made.getvalue()


def bomb() -> bytes:
    """100 million pixels in a few kilobytes."""
    return png_of(10_000, 10_000, packed=zlib.compress(bytes(30_001) * 1_000, 9))


def other(kind: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(made, kind)
    return made.getvalue()


GOOD = {
    **{f"{kind.lower()}": picture(kind) for kind in ("PNG", "JPEG", "WEBP")},
    **{f"png {mode}": picture("PNG", mode=mode) for mode in ("1", "L", "LA", "P", "RGBA", "I;16")},
    **{f"jpeg {mode}": picture("JPEG", mode=mode) for mode in ("L", "CMYK", "YCbCr")},
    "webp with alpha": picture("WEBP", mode="RGBA"),
    "webp without loss": picture("WEBP", lossless=True),
    "progressive jpeg": picture("JPEG", (640, 480), progressive=True),
    "interlaced-looking name, png": picture("PNG"),
    **{f"turned {way}": picture("JPEG", exif=exif(way)) for way in (1, 3, 6, 8)},
    "animated webp": frames("WEBP"),
    "animated png": frames("PNG"),
    "one pixel": picture("PNG", (1, 1)),
    "very wide": picture("PNG", (9_000, 2)),
    "very high": picture("PNG", (2, 9_000)),
    **{f"{kind} and a script behind it": picture(kind) + SCRIPT for kind in ("PNG", "JPEG", "WEBP")},
    **{
        f"{kind} and a zip behind it": picture(kind) + b"PK\x03\x04" + b"../" * 50 for kind in ("PNG", "JPEG")
    },
    "jpeg with a comment": picture("JPEG", comment=SCRIPT),
    "png with text": picture("PNG")[:33] + chunk(b"tEXt", b"Comment\0" + SCRIPT) + picture("PNG")[33:],
    "webp with metadata": picture("WEBP", xmp=SCRIPT, exif=exif(1)),
    "jpeg with a profile": picture("JPEG", icc_profile=SCRIPT * 20),
}
BAD = {
    "nothing": b"",
    "text": b"hello",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "svg with a prologue": b'<?xml version="1.0"?><!DOCTYPE svg><svg><script>alert(1)</script></svg>',
    "svg that begins as png": b"\x89PNG\r\n\x1a\n" + b"<svg onload=alert(1)>",
    "svgz": zlib.compress(b"<svg onload=alert(1)>"),
    "html": b"<!doctype html>" + SCRIPT,
    "html that begins as gif": b"GIF89a/*" + SCRIPT + b"*/=1",
    "pdf": b"%PDF-1.4\n%\xe2\xe3",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file",
    "zip": b"PK\x03\x04" + bytes(60),
    "elf": b"\x7fELF" + bytes(60),
    "php": b"<?php system($_GET[0]); ?>",
    "xml with an entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    **{kind.lower(): other(kind) for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "JPEG2000", "PDF")},
    **{f"{kind} cut in half": picture(kind, (300, 300))[: len(picture(kind, (300, 300))) // 2] for kind in ("PNG", "WEBP")},
    "jpeg cut in its head": picture("JPEG")[:20],
    "jpeg of nothing": b"\xff\xd8\xff\xe0" + bytes(40) + b"\xff\xd9",
    "riff of nothing": b"RIFF\x24\0\0\0WEBPVP8 " + bytes(24),
    "png without pixels": png_of(10, 10),
    "png of no size": png_of(0, 10),
    "png with broken sums": picture("PNG").replace(b"IDAT", b"IDAX"),
    "text that unpacks to 100 MB": png_of(10, 10, more=chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(100_000_000), 9))),
    "bomb": bomb(),
    "a billion pixels": png_of(40_000, 40_000),
    "wide as a road": png_of(2**31 - 1, 1),
    "just too many pixels": png_of(8_001, 5_000),
    "too many bytes": picture("PNG") + bytes(UPLOAD_BYTES_MAX),
}  # fmt: skip


def test_corpus_is_large():
    assert len(GOOD) + len(BAD) >= 60


@pytest.mark.parametrize("name", GOOD)
async def test_picture_is_drawn_anew(name):
    began = time.perf_counter()
    made = await developed(GOOD[name])

    assert time.perf_counter() - began <= SECONDS_MAX
    assert_ours(made, "WEBP", "image/webp")
    assert made.content != GOOD[name]


def assert_ours(made: Picture, kind: str, media_type: str) -> None:
    """One plain frame in the one format, with nothing beside it."""
    assert made.media_type == media_type
    assert b"script" not in made.content
    assert b"PK\x03\x04" not in made.content
    with Image.open(io.BytesIO(made.content)) as image:
        assert (image.format, image.size) == (kind, (made.width, made.height))
        assert not set(image.info) & {"exif", "xmp", "icc_profile", "comment", "Comment"}
        assert getattr(image, "n_frames", 1) == 1
        assert not image.getexif()


@pytest.mark.parametrize("name", BAD)
async def test_anything_else_is_refused(name):
    began = time.perf_counter()
    with pytest.raises(Invalid) as refused:
        await developed(BAD[name], field="logo")

    assert time.perf_counter() - began <= SECONDS_MAX
    assert refused.value.field == "logo"
    large = {"bomb", "a billion pixels", "wide as a road", "just too many pixels", "too many bytes"}
    assert (refused.type is OverLimit) is (name in large)


async def test_orientation_is_applied_and_forgotten():
    upright = Image.new("RGB", (60, 40), "white")
    upright.paste("red", (0, 0, 30, 40))
    sent = io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(sent, "JPEG", exif=exif(6), quality=95)

    made = await developed(sent.getvalue())

    assert (made.width, made.height) == (60, 40)
    with Image.open(io.BytesIO(made.content)) as image:
        red, white = image.convert("RGB").getpixel((10, 20)), image.convert("RGB").getpixel((50, 20))
    assert red[0] > 200
    assert red[2] < 100
    assert min(white) > 200


async def test_large_one_is_made_small_and_a_logo_stays_see_through():
    assert max((await developed(picture("JPEG", (4_000, 3_000))))[2:]) == 2_000

    logo = await developed(picture("WEBP", (900, 300), "RGBA"), Use.LOGO)

    assert_ours(logo, "PNG", "image/png")
    assert (logo.width, logo.height) == (640, 213)
    with Image.open(io.BytesIO(logo.content)) as image:
        assert image.convert("RGBA").getpixel((5, 5))[3] == 0
