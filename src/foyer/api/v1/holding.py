"""Whose shop a request is about, and whether it carries the token of what it asks for."""

from contextlib import suppress
from typing import Final
from uuid import UUID

from foyer.api.requests import AnyRequest, bearer, desks
from foyer.domains.events import grant_of
from foyer.domains.events.types import Grant
from foyer.domains.orders import order_for_staff
from foyer.domains.organizations.types import NO_SHOP, Shop
from foyer.domains.tickets import find_ticket
from foyer.domains.tickets.types import HeldTicket
from foyer.infra.batching import Counter
from foyer.infra.crypto import HOLDER_PREFIX
from foyer.infra.db.tx import ReadTx
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Invalid, NotFound, Unauthenticated

CART: Final = "cart"
ORDER: Final = "order"
TICKET: Final = "ticket"
NOT_HELD: Final = "There is no such ticket, or the token is not the one that opens it."


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


async def holding_ticket(request: AnyRequest, tx: ReadTx, ticket_id: UUID) -> HeldTicket:
    """The ticket, if the bearer holds it today, or the order it was bought with while it was not handed on; otherwise it does not exist."""
    found = await find_ticket(tx, ticket_id, desks(request).signer)
    if found is None:
        raise NotFound(NOT_HELD)
    token, keyring, owner = bearer(request) or "", desks(request).keyring, tx.organization_id
    if keyring.is_holder_token(token, TICKET, owner, ticket_id, found.link_generation):
        return found
    if found.ticket.transferred_at is None:
        order = await order_for_staff(tx, found.ticket.order_id)
        if keyring.is_holder_token(token, ORDER, owner, order.id, order.generation):
            return found
    raise NotFound(NOT_HELD)
