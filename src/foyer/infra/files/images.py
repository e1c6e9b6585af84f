"""Pictures from strangers: read as one of three kinds, drawn anew, so that nothing of the file itself is ever served.

What is kept is what was seen: no metadata, no colour profile, no second frame, no bytes behind the end.
"""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from foyer.kernel.errors import Busy, Invalid, OverLimit

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS: Final = ("PNG", "JPEG", "WEBP")
UPLOAD_BYTES_MAX: Final = 10 * 1024 * 1024
PIXELS_MAX: Final = 40_000_000
SIDE_MAX: Final = 20_000
QUALITY: Final = 82
WAITING_MAX: Final = 8
UNREADABLE: Final = "Use a PNG, JPEG or WebP picture; this file is none, or is damaged."
# One picture at a time in each process: a large one takes most of a second and some 200 MB.
_darkroom = ThreadPoolExecutor(1, thread_name_prefix="pictures")


class Use(StrEnum):
    """What a picture is for: a logo is kept sharp and see-through, anything else small."""

    PICTURE = "picture"
    LOGO = "logo"


SIDES: Final = {Use.PICTURE: 2_000, Use.LOGO: 640}


class Picture(NamedTuple):
    """A picture of our own making."""

    content: bytes
    media_type: str
    width: int
    height: int


async def developed(content: bytes, use: Use = Use.PICTURE, *, field: str = "file") -> Picture:
    """The picture in these bytes, drawn anew; the event loop goes on meanwhile.

    Args:
        content: what was sent, whatever its name or type said.
        use: what it is for.
        field: as callers wrote it.

    Raises:
        OverLimit: more bytes or pixels than are taken.
        Invalid: it is no picture that we read.
        Busy: very many pictures are sent at once.
    """
    if len(content) > UPLOAD_BYTES_MAX:
        raise OverLimit(f"Use a picture of at most {UPLOAD_BYTES_MAX // 1024 // 1024} MB.", field=field)
    if _darkroom._work_queue.qsize() >= WAITING_MAX:  # noqa: SLF001 - the pool does not tell how many wait
        raise Busy(retry_after_seconds=5)
    work = partial(_developed, content, use, field)
    return await asyncio.get_running_loop().run_in_executor(_darkroom, work)


def _developed(content: bytes, use: Use, field: str) -> Picture:
    from PIL import Image  # takes 7 MB, and few processes ever see a picture

    try:
        # The formats are named, so that no other decoder ever sees the bytes.
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _require_size(*image.size, field)
            return _drawn(image, use)
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_large(field) from bomb
    except Exception as broken:  # a decoder may say anything of a stranger's bytes
        raise Invalid(UNREADABLE, field=field) from broken


def _require_size(width: int, height: int, field: str) -> None:
    """Refuse by what the file says of itself, before anything is decoded."""
    if width * height > PIXELS_MAX or max(width, height) > SIDE_MAX:
        raise _too_large(field)


def _too_large(field: str) -> OverLimit:
    sentence = f"Use a picture of at most {PIXELS_MAX // 1_000_000} megapixels and {SIDE_MAX} a side."
    return OverLimit(sentence, field=field)


def _drawn(image: "Image", use: Use) -> Picture:
    from PIL import Image, ImageOps

    side = SIDES[use]
    image.draft("RGB", (side, side))  # a large JPEG is decoded small
    image.load()
    turned = ImageOps.exif_transpose(image)
    if turned.mode in {"1", "P", "PA"}:  # few colours: shrunk as they are, they would turn to noise
        turned = turned.convert("RGBA")
    turned.thumbnail((side, side), reducing_gap=2.0)
    is_clear = "A" in turned.getbands() or "transparency" in turned.info
    plain = turned.convert("RGBA" if is_clear else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    drawn = io.BytesIO()
    if use is Use.LOGO:
        bare.save(drawn, "PNG", optimize=True)
        return Picture(drawn.getvalue(), "image/png", *bare.size)
    bare.save(drawn, "WEBP", quality=QUALITY, method=3)
    return Picture(drawn.getvalue(), "image/webp", *bare.size)
