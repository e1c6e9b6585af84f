"""The picture that stands beside a shared address: cover, title, when and where, drawn once for what it shows."""

import hashlib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from foyer.domains.events.types import EventPublic, EventStatus
from foyer.domains.organizations.types import Shop
from foyer.infra.files import UPLOAD_BYTES_MAX
from foyer.infra.press import Workshop
from foyer.infra.press.content import breakable, pixels
from foyer.infra.press.paper import colors
from foyer.web.shared.cover import cover
from foyer.web.shared.filters import begins, initial, place_and_town
from foyer.web.shared.words import LANGUAGE, _

PNG: Final = "image/png"
SIZE: Final = (1200, 630)
FACE: Final = (536, 630)
POINTS_PER_INCH: Final = 72
TEMPLATE: Final = (Path(__file__).resolve().parent / "card.typ").read_text(encoding="utf-8")
TITLE_MAX: Final = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a picture says; `cover_id` is what its cover is drawn from where there is no photograph."""

    shop: Shop
    cover_id: UUID
    path: str
    kicker: str = ""
    title: str
    lines: tuple[str, ...] = ()
    photograph: str | None = None
    is_off: bool = False
    language: str = field(default_factory=LANGUAGE.get)
    """Of its words; its address carries it, for whoever fetches a picture has a language of their own, or none."""

    @property
    def tag(self) -> str:
        """Another one as soon as the picture is another."""
        shop = self.shop
        look = (TEMPLATE, shop.name, shop.logo, shop.primary_color, shop.secondary_color)
        told = (self.cover_id, self.kicker, self.title, self.lines, self.photograph, self.is_off)
        said = hashlib.blake2b(msgspec.json.encode((look, told)), digest_size=8).hexdigest()
        return f"{self.language}-{said}"

    @property
    def address(self) -> str:
        """Where it is drawn, below this installation; whoever keeps what is there may keep it for ever."""
        return f"{self.path}?{self.tag}"


def event_card(shop: Shop, event: EventPublic) -> Card:
    is_off = event.status is EventStatus.CANCELLED
    return Card(
        shop=shop,
        cover_id=event.id,
        path=f"/{shop.slug}/events/{event.slug}/card.png",
        kicker=_("Cancelled") if is_off else event.category,
        title=event.title,
        lines=(begins(event), place_and_town(event)),
        photograph=event.featured_image,
        is_off=is_off,
    )


def shop_card(shop: Shop) -> Card:
    return Card(
        shop=shop,
        cover_id=shop.id,
        path=f"/{shop.slug}/card.png",
        title=shop.name,
        lines=(_("Events and tickets"),),
    )


async def card_png(workshop: Workshop, card: Card) -> bytes:
    """The picture as PNG, 1200 by 630 pixels: the kept one, or one drawn now.

    Raises:
        DocumentTooLarge, Busy: as `Press.pictures`.
    """
    shop = card.shop

    async def make() -> bytes:
        # A photograph elsewhere on the web is not fetched; its event has a drawn cover here.
        face = await pixels(workshop.files, card.photograph, UPLOAD_BYTES_MAX)
        drawn = cover(card.cover_id, shop.primary_color, shop.secondary_color, *FACE)
        data = {
            "lang": card.language,
            "colors": colors(shop.primary_color, shop.secondary_color),
            "seller": {"name": breakable(shop.name, 100), "logo": await pixels(workshop.files, shop.logo)},
            "initial": initial(shop.name),
            "face": face or list(drawn.encode()),
            "kicker": breakable(card.kicker, 40),
            "title": breakable(card.title, TITLE_MAX),
            "lines": [breakable(line, 80) for line in card.lines],
            "is-off": card.is_off,
            "is-rtl": _is_rtl(card.title),
        }
        return (await workshop.press.pictures(TEMPLATE, data, ppi=POINTS_PER_INCH))[0]

    return await workshop.made(
        shop.id, card.cover_id, ["card", workshop.press.house, card.tag], make, kind=PNG
    )


def _is_rtl(text: str) -> bool:
    """Whether a text is read from the right, told by its first letter."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind != "L" for kind in kinds if kind in {"L", "R", "AL"}), False)
