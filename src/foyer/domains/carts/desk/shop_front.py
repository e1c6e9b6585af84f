"""What a shop shows, at most a second old: for looking, never for deciding. What a cart costs the desks read themselves."""

import hashlib
from collections.abc import Iterable
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

import msgspec

from foyer.domains.carts.errors import link_closed, no_event
from foyer.domains.carts.queries import listed, offer
from foyer.domains.carts.types import Listed, Listing, Offer
from foyer.domains.events import event_id_at, grant_of
from foyer.domains.events.types import Grant
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Database
from foyer.infra.fresh import Fresh
from foyer.kernel.errors import NotFound

OFFERS_MAX: Final = 500
LISTS_MAX: Final = 100

Seen = TypeVar("Seen")


class Shown(Generic[Seen]):
    """Something as it is shown, to everybody the same."""

    __slots__ = ("made", "now", "tag")

    def __init__(self, now: Seen, tag: str, made: dict[str, Any]) -> None:
        self.now = now
        self.tag = tag
        """Another one as soon as anything else is shown; the passing of time alone changes nothing."""
        self.made = made
        """What has been drawn of it, for the next who asks; it lasts as long as the tag."""


class _Address(NamedTuple):
    organization_id: UUID
    slug: str


class _List(NamedTuple):
    organization_id: UUID
    listing: Listing


class _Key(NamedTuple):
    organization_id: UUID
    secret: str


class _Sight(NamedTuple):
    organization_id: UUID
    grant: Grant


class ShopFront:
    """Events and lists of events, each asked for at most once a second, however many look."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ids: Fresh[_Address, UUID | None] = Fresh(self._id, most=OFFERS_MAX)
        self._offers: Fresh[Counter, Shown[Offer] | None] = Fresh(self._offer, most=OFFERS_MAX)
        self._lists: Fresh[_List, Shown[Listed]] = Fresh(self._list, most=LISTS_MAX)
        self._grants: Fresh[_Key, Grant | None] = Fresh(self._grant, most=OFFERS_MAX)
        self._granted: Fresh[_Sight, Shown[Offer] | None] = Fresh(self._granted_offer, most=OFFERS_MAX)

    async def event(self, organization_id: UUID, event: UUID | str) -> Shown[Offer]:
        """An event by its id or its slug, with what can be bought of it.

        Raises:
            NotFound: there is no such event, or none that is shown.
        """
        if isinstance(event, UUID):
            shown = await self._offers.get(Counter(organization_id, event))
        else:
            shown = await self._event_at(_Address(organization_id, event))
        if shown is None:
            raise no_event()
        return shown

    async def by_link(self, organization_id: UUID, secret: str) -> Shown[Offer]:
        """The event that an access link opens, with the hidden ticket type that it shows.

        Raises:
            NotFound: there is no such link, it holds no more, or there is no such event any more.
        """
        grant = await self._grants.get(_Key(organization_id, secret))
        shown = await self._granted.get(_Sight(organization_id, grant)) if grant else None
        if shown is None:
            raise link_closed()
        return shown

    async def _event_at(self, address: _Address) -> Shown[Offer] | None:
        """The event that had this slug when it was looked up last, as long as it says that it still has it."""
        known = self._ids.lately(address)
        shown = await self._offers.get(Counter(address.organization_id, known)) if known else None
        if shown is not None and shown.now.event.slug == address.slug:
            return shown
        found = await self._ids.get(address)
        return await self._offers.get(Counter(address.organization_id, found)) if found else None

    async def events(self, organization_id: UUID, listing: Listing) -> Shown[Listed]:
        """A page of what is on.

        Raises:
            Invalid: the cursor is none of ours.
        """
        return await self._lists.get(_List(organization_id, listing))

    def forget(self, organization_id: UUID | None = None) -> None:
        """Ask again for whoever wants to see what they have just changed: of this organization, or of all."""

        def is_meant(key: _Address | Counter | _List | _Key | _Sight) -> bool:
            return organization_id in {None, key.organization_id}

        self._ids.forget_all(is_meant)
        self._offers.forget_all(is_meant)
        self._lists.forget_all(is_meant)
        self._grants.forget_all(is_meant)
        self._granted.forget_all(is_meant)

    async def _id(self, address: _Address) -> UUID | None:
        async with self._database.read(address.organization_id) as tx:
            return await event_id_at(tx, address.slug)

    async def _offer(self, key: Counter) -> Shown[Offer] | None:
        """None is remembered as well: before a sale everybody opens the page that is not there yet."""
        try:
            async with self._database.read(key.organization_id) as tx:
                found = await offer(tx, event_id=key.event_id)
        except NotFound:
            return None
        return _shown(found, _content([found]), self._offers.lately(key))

    async def _grant(self, key: _Key) -> Grant | None:
        async with self._database.read(key.organization_id) as tx:
            return await grant_of(tx, key.secret)

    async def _granted_offer(self, key: _Sight) -> Shown[Offer] | None:
        try:
            async with self._database.read(key.organization_id) as tx:
                found = await offer(tx, event_id=key.grant.event_id, grant=key.grant)
        except NotFound:
            return None
        return _shown(found, _content([found]), self._granted.lately(key))

    async def _list(self, key: _List) -> Shown[Listed]:
        async with self._database.read(key.organization_id) as tx:
            found = await listed(tx, key.listing)
        content = [*_content(found.offers), found.next_cursor, found.categories]
        return _shown(found, content, self._lists.lately(key))


def _content(offers: Iterable[Offer]) -> list[object]:
    """Everything that offers show but the moment; whether that is after their end is part of it."""
    return [
        (one.event, one.is_listed, one.ticket_types, one.dates, one.event.ends_at <= one.as_of)
        for one in offers
    ]


def _shown(now: Seen, content: list[object], before: Shown[Seen] | None) -> Shown[Seen]:
    tag = hashlib.blake2b(msgspec.json.encode(content), digest_size=12).hexdigest()
    return Shown(now, tag, before.made if before is not None and before.tag == tag else {})
