"""Whose shop a request is about, and whether it carries the token of what it asks for."""

from contextlib import suppress
from typing import Final
from uuid import UUID

from foyer.api.requests import AnyRequest, bearer, desks
from foyer.domains.events import grant_of
from foyer.domains.events.types import Grant
from foyer.domains.organizations.types import NO_SHOP, Shop
from foyer.infra.batching import Counter
from foyer.infra.crypto import HOLDER_PREFIX
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Invalid, NotFound, Unauthenticated

CART: Final = "cart"
ORDER: Final = "order"
TICKET: Final = "ticket"


async def shop_of(request: AnyRequest, slug: str) -> Shop:
    """The shop under this slug.

    Raises:
        NotFound: nobody has it, or the request carries a credential of another organization.
    """
    shop = await desks(request).window.shop(slug)
    await _staff_of(request, shop)
    return shop


async def seller_in(request: AnyRequest, shop: Shop) -> UUID | None:
    """The member of staff who sells at the box office, where the request carries a credential with the right to."""
    actor = await _staff_of(request, shop)
    return actor.user_id if actor is not None and "orders:edit" in actor.permissions else None


async def grant_for(request: AnyRequest, counter: Counter, access_key: str | None) -> Grant | None:
    """What the access link behind a key opens of an event; None without a key, which asks nobody.

    Raises:
        Invalid: no link that holds has this key, or it is one of another event.
    """
    if access_key is None:
        return None
    async with desks(request).database.read(counter.organization_id) as tx:
        grant = await grant_of(tx, access_key)
    if grant is None or grant.event_id != counter.event_id:
        raise Invalid("This key opens nothing of this event any more.", field="accessKey")
    return grant


async def _staff_of(request: AnyRequest, shop: Shop) -> Actor | None:
    secret = bearer(request)
    if secret is None or secret.startswith(HOLDER_PREFIX):
        return None
    with suppress(Unauthenticated):  # a shop is open to whom nobody knows
        actor = await desks(request).credentials.actor(secret)
        if actor.organization_id != shop.id:
            raise NotFound(NO_SHOP)
        return actor
    return None


async def holding_cart(request: AnyRequest, slug: str, cart_id: UUID) -> Counter:
    """The event of a cart, once the bearer has shown the token of this very cart; otherwise it does not exist."""
    shop = await shop_of(request, slug)
    event_id = desks(request).keyring.event_of_cart(bearer(request) or "", shop.id, cart_id)
    if event_id is None:
        raise NotFound("There is no such cart, or the token is not the one that opens it.")
    return Counter(shop.id, event_id)
