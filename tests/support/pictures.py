"""Pictures for tests, made on the spot."""

import io

from PIL import Image


def picture(
    kind: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object
) -> bytes:
    """A plain picture of this format."""
    made = io.BytesIO()
    Image.new(mode, size, 120 if mode in {"L", "P", "1"} else None).save(made, kind, **options)
    return made.getvalue()
