"""A picture for every event without one, drawn from its id and the brand's two colours; always the same one."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final
from uuid import UUID

from foyer.web.shared.cover.figures import eclipse, grooves, quilt, rings
from foyer.web.shared.cover.glass import reeded
from foyer.web.shared.cover.ground import Canvas, Dice, Palette, palette
from foyer.web.shared.cover.scenes import arches, curtain, pleats

__all__ = ["FAMILIES", "SHAPES", "Canvas", "Dice", "cover", "palette"]

FAMILIES: Final[tuple[Callable[[Canvas, Dice, Palette], None], ...]] = (
    curtain, arches, eclipse, reeded, grooves, rings, pleats, quilt,
)  # fmt: skip

SHAPES: Final[dict[str, tuple[int, int]]] = {
    "card": (600, 400), "wide": (1440, 420), "square": (240, 240), "strip": (780, 168), "tall": (128, 332), "slim": (88, 380),
}  # fmt: skip
"""The boxes that pages have for a cover; each is drawn for itself, so that nothing is cut off."""


@lru_cache(maxsize=256)
def cover(event_id: UUID, primary: str, secondary: str, width: int, height: int) -> str:
    """An SVG picture, at most 40 KB, without text, script or raster.

    Raises:
        ValueError: one of the two colours is not `#rrggbb`.

    """
    dice = Dice(event_id)
    colors = palette(dice, primary.lower(), secondary.lower())
    paint = FAMILIES[dice.draw() % len(FAMILIES)]
    canvas = Canvas(width, height)
    paint(canvas, dice, colors)
    return canvas.svg()
