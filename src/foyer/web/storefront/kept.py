"""What a shop shows everybody, drawn once in each language for as long as neither the shop nor what it shows is another."""

from collections.abc import Callable
from typing import Any, TypeVar

from foyer.domains.carts import Shown
from foyer.domains.organizations.types import Shop
from foyer.web.shared.words import LANGUAGE

Drawn = TypeVar("Drawn")


def kept(shown: Shown[Any], name: str, shop: Shop, draw: Callable[[], Drawn]) -> Drawn:
    """What was drawn of this under this name, for this very shop and in this language; drawn now where nothing was.

    Args:
        shown: what it shows.
        name: what kind of drawing it is.
        shop: whose colours and words are in it.
        draw: makes it.
    """
    name = f"{name} {LANGUAGE.get()}"
    before = shown.made.get(name)
    if before is not None and before[0] is shop:
        return before[1]  # type: ignore[no-any-return]
    drawing = before[1] if before is not None and before[0] == shop else draw()
    shown.made[name] = shop, drawing
    return drawing
