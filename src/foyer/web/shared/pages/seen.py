"""A page as others see it: search engines, and whoever is sent its address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, Final
from zoneinfo import ZoneInfo

from foyer.domains.carts.types import Offer, OfferedType
from foyer.domains.events.types import EventPublic, EventStatus, SaleState
from foyer.domains.organizations.types import Shop
from foyer.kernel.money import minor_to_decimal
from foyer.web.shared.card import event_card, shop_card
from foyer.web.shared.words import _

WORDS_MAX: Final = 200
READ_MAX: Final = 5 * WORDS_MAX
TAG: Final = re.compile(r"<[^>]*(?:>|$)")
SCHEMA: Final = "https://schema.org"
ATTENDANCE: Final = {
    "physical": "OfflineEventAttendanceMode", "virtual": "OnlineEventAttendanceMode", "hybrid": "MixedEventAttendanceMode",
}  # fmt: skip
AVAILABILITY: Final = {
    SaleState.ON_SALE: "InStock", SaleState.BY_APPROVAL: "LimitedAvailability", SaleState.NOT_YET: "PreOrder",
}  # fmt: skip
"""What is neither on sale nor will be is sold out, as far as schema.org has words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What stands in the head of a page that everybody is shown alike; a page without it asks not to be found."""

    address: str
    """Whole, and the same by whatever way somebody came."""
    description: str
    is_listed: bool = True
    """Whether search engines may show it; who is sent the address sees its card in any case."""
    picture: str
    """The whole address of its card, 1200 by 630 pixels."""
    data: dict[str, Any]
    """As schema.org describes it."""


def shop_seen(shop: Shop, events: Sequence[EventPublic], base: str) -> Seen:
    """A shop's home with its first page of events.

    Args:
        shop: whose it is.
        events: the next ones.
        base: how the world reaches this installation.
    """
    address = f"{base}/{shop.slug}"
    places = [
        {"@type": "ListItem", "position": place, "url": f"{address}/events/{event.slug}"}
        for place, event in enumerate(events, 1)
    ]
    graph = [_organizer(shop, base), {"@type": "ItemList", "itemListElement": places}]
    description = _("Events and tickets of %(shop)s") % {"shop": shop.name}
    data = {"@context": SCHEMA, "@graph": graph}
    return Seen(
        address=address, description=description, picture=f"{base}{shop_card(shop).address}", data=data
    )


def event_seen(shop: Shop, offer: Offer, base: str) -> Seen:
    """An event's page.

    Args:
        shop: whose it is.
        offer: what it shows.
        base: how the world reaches this installation.
    """
    event = offer.event
    address = f"{base}/{shop.slug}/events/{event.slug}"
    description = event.seo_description or event.short_description or _plain(event.description)
    picture = f"{base}{event_card(shop, event).address}"
    is_off = event.status is EventStatus.CANCELLED
    data = {
        "@context": SCHEMA,
        "@type": "Event",
        "name": event.title,
        "description": description,
        "url": address,
        "image": picture,
        "startDate": event.starts_at.astimezone(ZoneInfo(event.time_zone)).isoformat(),
        "endDate": event.ends_at.astimezone(ZoneInfo(event.time_zone)).isoformat(),
        "eventStatus": f"{SCHEMA}/{'EventCancelled' if is_off else 'EventScheduled'}",
        "eventAttendanceMode": f"{SCHEMA}/{ATTENDANCE[event.location_type]}",
        "location": _places(event, address),
        "organizer": _organizer(shop, base),
        "offers": [_offer(one, event.currency, address) for one in offer.ticket_types],
    }
    return Seen(
        address=address, description=description, is_listed=offer.is_listed, picture=picture, data=_filled(data)
    )  # fmt: skip


def _plain(prose: str) -> str:
    """The beginning of a description, without its markup."""
    # The page is drawn whenever a ticket goes: of a long text no more is read than is shown.
    text = " ".join(unescape(TAG.sub(" ", prose[:READ_MAX])).split())
    return text if len(text) <= WORDS_MAX else text[:WORDS_MAX].rpartition(" ")[0] + "…"


def _places(event: EventPublic, address: str) -> list[dict[str, Any]]:
    """Where it happens; of what happens online the way in is for holders alone."""
    street = {
        "@type": "PostalAddress", "streetAddress": event.address, "postalCode": event.zip_code, "addressLocality": event.city,
        "addressRegion": event.state, "addressCountry": event.country,
    }  # fmt: skip
    name = event.venue_name or event.city or event.address or event.title
    there = {"@type": "Place", "name": name, "address": _filled(street)}
    online = {"@type": "VirtualLocation", "url": address}
    return [place for place, is_so in ((there, event.location_type != "virtual"), (online, event.location_type != "physical")) if is_so]  # fmt: skip


def _organizer(shop: Shop, base: str) -> dict[str, Any]:
    logo = f"{base}{shop.logo}" if shop.logo and shop.logo.startswith("/") else shop.logo
    return _filled({"@type": "Organization", "name": shop.name, "url": f"{base}/{shop.slug}", "logo": logo})


def _offer(one: OfferedType, currency: str, address: str) -> dict[str, Any]:
    return _filled({
        "@type": "Offer",
        "name": one.name,
        "url": address,
        "price": f"{minor_to_decimal(one.total, currency):f}",
        "priceCurrency": currency,
        "availability": f"{SCHEMA}/{AVAILABILITY.get(one.state, 'SoldOut')}",
        "validFrom": one.sales_start_date.isoformat() if one.sales_start_date else None,
        "validThrough": one.sales_end_date.isoformat() if one.sales_end_date else None,
    })  # fmt: skip


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {name: value for name, value in data.items() if value not in (None, "", [])}
