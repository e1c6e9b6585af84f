"""Tickets in the wallets of phones: made anew for each who asks, and kept nowhere."""

import hashlib
import io
import zipfile
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date

from foyer.domains.events.types import EventPublic, EventStatus
from foyer.domains.organizations.types import Seller
from foyer.domains.tickets.documents.pdf import Bought, grouped, holder_name, read_held
from foyer.domains.tickets.documents.words import WORDS, known, when, where
from foyer.domains.tickets.queries import Signer
from foyer.domains.tickets.types import Ticket, WalletWish
from foyer.infra.files import UPLOAD_BYTES_MAX
from foyer.infra.press import Workshop
from foyer.infra.press.content import pixels
from foyer.infra.press.paper import colors
from foyer.infra.wallets import Wallets, packed, saving_address
from foyer.kernel.color import theme
from foyer.kernel.errors import NoWallet
from foyer.kernel.language import said

TEMPLATE: Final = (Path(__file__).resolve().parent / "pass.typ").read_text(encoding="utf-8")
PICTURES: Final = (
    "icon.png", "icon@2x.png", "icon@3x.png", "logo@2x.png", "logo@3x.png", "thumbnail@2x.png", "thumbnail@3x.png",
)  # fmt: skip
POINTS_PER_INCH: Final = 72
TITLE_MAX: Final = 90
NAME_MAX: Final = 60
ADDRESS_MAX: Final = 120
KIND: Final = "application/zip"
NO_KEYS: Final = said("This wallet is not offered here; take the ticket as PDF.")
NOT_GOOD: Final = said("This ticket opens no door, so it is not for a wallet.")


async def apple_pass(workshop: Workshop, wallets: Wallets, signer: Signer, wish: WalletWish) -> bytes:
    """A ticket as a signed pass.

    Args:
        workshop: where its pictures are made and kept.
        wallets: those of the installation.
        signer: makes the code that the door reads.
        wish: which ticket, and for whom.

    Raises:
        NoWallet: no keys are set, or the ticket opens no door.
        NotFound: no such ticket, or it was handed on meanwhile.
        DocumentTooLarge, Busy: as `Press.pictures`.
    """
    async with workshop.database.read(wish.organization_id) as tx:
        bought, ticket = await read_held(tx, wish.ticket_id, signer, generation=wish.generation)
        at = await tx.now()
    keys = await wallets.apple(at)
    if keys is None:
        raise NoWallet(NO_KEYS)
    _require_good(bought, ticket)
    told = apple_told(bought, ticket, known(wish.language), wish.address)
    serial = {"serialNumber": f"{ticket.id}-{wish.generation}"}
    return packed({**serial, **told}, await _pictures(workshop, bought), keys)


async def google_address(workshop: Workshop, wallets: Wallets, signer: Signer, wish: WalletWish) -> str:
    """Where a ticket is put into Google's wallet. Arguments and refusals as `apple_pass`."""
    async with workshop.database.read(wish.organization_id) as tx:
        bought, ticket = await read_held(tx, wish.ticket_id, signer, generation=wish.generation)
        at = await tx.now()
    keys = await wallets.google()
    if keys is None:
        raise NoWallet(NO_KEYS)
    _require_good(bought, ticket)
    return saving_address(google_told(bought, ticket, wish, prefix=f"{keys.issuer}."), keys, at=at)


def _require_good(bought: Bought, ticket: Ticket) -> None:
    is_off = bought.event.status is EventStatus.CANCELLED
    if is_off or not ticket.status.is_good or not ticket.qr_code:
        raise NoWallet(NOT_GOOD)


def apple_told(bought: Bought, ticket: Ticket, language: str, address: str) -> dict[str, Any]:
    """What a pass says, as `pass.json` has it, but for whose it is."""
    order, event, house = bought.order, bought.event, bought.seller
    words, zone = WORDS[language], ZoneInfo(event.time_zone)
    venue, below = where(event, language)
    accent, text = (_rgb(one) for one in _accents(house))
    front = {
        "headerFields": [
            _field("day", event.start_time, format_date(event.start_date, "d MMM", locale=language))
        ],
        "primaryFields": [{"key": "event", "value": event.title[:TITLE_MAX]}],
        "secondaryFields": [
            _field("holder", words["holder"], holder_name(ticket, order)[:NAME_MAX]),
            _field("type", words["type"], _type_name(bought, ticket)),
        ],
        "auxiliaryFields": [
            _field("where", words["where"], venue[:NAME_MAX]),
            _field("order", words["order"], grouped(order.order_number)),
        ],
    }
    back = [
        _field("when", words["when"], when(event, language)),
        _field("address", words["where"], ", ".join(part for part in (venue, below) if part)),
        _field("page", words["page"], address),
        _field(
            "questions", words["questions"], "\n".join(part for part in (house.email, house.phone) if part)
        ),
        *([_field("refunds", words["refunds"], house.refund_policy)] if house.refund_policy else []),
    ]
    starts_at, ends_at = (moment.astimezone(zone).isoformat() for moment in (event.starts_at, event.ends_at))
    return {
        "organizationName": house.name,
        "description": f"{words['type']}: {event.title[:TITLE_MAX]}",
        "logoText": house.name[:NAME_MAX],
        "backgroundColor": accent,
        "foregroundColor": text,
        "labelColor": text,
        "relevantDate": starts_at,
        "relevantDates": [{"startDate": starts_at, "endDate": ends_at}],
        "expirationDate": ends_at,
        "barcodes": [
            {
                "format": "PKBarcodeFormatQR", "message": ticket.qr_code, "messageEncoding": "iso-8859-1",
                "altText": grouped(ticket.code or ""),
            }
        ],
        "eventTicket": {**front, "backFields": back},
    }  # fmt: skip


def google_told(bought: Bought, ticket: Ticket, wish: WalletWish, *, prefix: str) -> dict[str, Any]:
    """What Google is told: the event as a class, the ticket as an object of it.

    It travels in an address, which old browsers cut at 2,000 characters: nothing is in it that the wallet does not show.
    What a class says stays as it was first saved, so that an event that has changed is another class.
    """
    order, event, house, language = bought.order, bought.event, bought.seller, known(wish.language)
    told: dict[str, Any] = {
        "issuerName": house.name[:NAME_MAX],
        "reviewStatus": "UNDER_REVIEW",
        "eventName": _said(event.title[:TITLE_MAX], language),
        "dateTime": {"start": _local(event)},
        "hexBackgroundColor": _accents(house)[0],
        **_venue(event, language),
        **_logo(house, wish.address),
    }
    digest = hashlib.blake2b(msgspec.json.encode(told), digest_size=6).digest()
    kind = f"{prefix}{_short(event.id.bytes)}.{_short(digest)}"
    holds = {
        "id": f"{prefix}{_short(ticket.id.bytes)}.{wish.generation}",
        "classId": kind,
        "state": "ACTIVE",
        "ticketHolderName": holder_name(ticket, order)[:NAME_MAX],
        "ticketType": _said(_type_name(bought, ticket), language),
        "reservationInfo": {"confirmationCode": order.order_number},
        "barcode": {"type": "QR_CODE", "value": ticket.qr_code, "alternateText": grouped(ticket.code or "")},
    }
    return {"eventTicketClasses": [{"id": kind, **told}], "eventTicketObjects": [holds]}


async def _pictures(workshop: Workshop, bought: Bought) -> dict[str, bytes]:
    """The pictures of the passes of an event, drawn once for what they show."""
    house, event = bought.seller, bought.event
    data = {
        "lang": "en",
        "colors": colors(house.primary_color, house.secondary_color),
        "seller": {"logo": await pixels(workshop.files, house.logo)},
        "face": await pixels(workshop.files, event.featured_image, UPLOAD_BYTES_MAX),
        "initial": next((letter.upper() for letter in house.name if letter.isalnum()), "•"),
    }

    async def make() -> bytes:
        drawn = await workshop.press.pictures(TEMPLATE, data, ppi=POINTS_PER_INCH)
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w") as archive:
            for name, content in zip(PICTURES, drawn, strict=False):
                archive.writestr(name, content)
        return kept.getvalue()

    shown = [TEMPLATE, workshop.press.house, data]
    content = await workshop.made(bought.organization_id, event.id, shown, make, kind=KIND)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _field(key: str, label: str, value: str) -> dict[str, str]:
    return {"key": key, "label": label, "value": value}


def _type_name(bought: Bought, ticket: Ticket) -> str:
    names = {line.ticket_type_id: line.name for line in bought.order.items}
    return names[ticket.ticket_type_id][:NAME_MAX]


def _accents(house: Seller) -> tuple[str, str]:
    """The fill that stands for a brand, and the colour that can be read on it."""
    light = theme(house.primary_color, house.secondary_color).light
    return light.accent, light.on_accent


def _rgb(color: str) -> str:
    return f"rgb({', '.join(str(part) for part in bytes.fromhex(color.removeprefix('#')))})"


def _said(text: str, language: str) -> dict[str, Any]:
    return {"defaultValue": {"language": language, "value": text}}


def _local(event: EventPublic) -> str:
    return event.starts_at.astimezone(ZoneInfo(event.time_zone)).isoformat()


def _shortened(address: str) -> str:
    """As much of an address as fits, whole parts of it where that can be."""
    if len(address) <= ADDRESS_MAX:
        return address
    kept = address[:ADDRESS_MAX]
    return kept.rpartition(",")[0] or kept


def _venue(event: EventPublic, language: str) -> dict[str, Any]:
    """Where it takes place, for an event that has both a name and an address for that: Google wants both or none."""
    venue, below = where(event, language)
    if event.location_type == "virtual" or not below:
        return {}
    return {
        "venue": {"name": _said(venue[:NAME_MAX], language), "address": _said(_shortened(below), language)}
    }


def _logo(house: Seller, address: str) -> dict[str, Any]:
    """The logo, where Google can come and get it."""
    here = urlsplit(address)
    if here.scheme != "https" or not house.logo:
        return {}
    uri = house.logo if house.logo.startswith("https://") else f"https://{here.netloc}{house.logo}"
    return {"logo": {"sourceUri": {"uri": uri}}}


def _short(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
