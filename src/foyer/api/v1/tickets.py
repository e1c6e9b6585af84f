"""A ticket for whoever holds its token, and for staff: looked at, renamed, handed on."""

from datetime import datetime
from uuid import UUID

from litestar import get, post, put
from litestar.params import FromPath

from foyer.api.access import acting, declares, holder, permission
from foyer.api.requests import (
    AnyRequest,
    Nothing,
    desks,
    queried,
    read,
)
from foyer.api.v1.holding import TICKET, holding_ticket, shop_of
from foyer.domains.events import joining_link
from foyer.domains.tickets import (
    edit_attendee,
    held_ticket,
    transfer_ticket,
)
from foyer.domains.tickets.types import Attendee, HeldTicket, Receiver, Ticket, TicketStatus
from foyer.infra.db.tx import ReadTx
from foyer.kernel.actor import visitor
from foyer.kernel.errors import Conflict
from foyer.kernel.wire import Wire


class TicketHeld(Wire, frozen=True):
    """A ticket as its holder sees it; `token` opens it until it changes hands."""

    id: UUID
    event_id: UUID
    ticket_type_id: UUID
    code: str
    qr_code: str
    status: TicketStatus
    attendee_info: Attendee | None
    checked_in_at: datetime | None
    transferred_at: datetime | None
    created_at: datetime
    virtual_event_url: str | None
    token: str


class HandedOn(Wire, frozen=True):
    """A ticket that somebody else holds now; what opens it was sent to them."""

    ticket_id: UUID
    email: str
    transferred_at: datetime


@get("/shops/{slug:str}/tickets/{ticket_id:uuid}", opt=declares(holder(TICKET), query=Nothing))
async def show_ticket(request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID]) -> TicketHeld:
    """The ticket for whoever has its token, or that of the order it was bought with while it was not handed on."""
    queried(request, Nothing)
    shop = await shop_of(request, slug)
    async with desks(request).database.read(shop.id) as tx:
        return await _view(request, tx, await holding_ticket(request, tx, ticket_id))


@put(
    "/shops/{slug:str}/tickets/{ticket_id:uuid}/attendee",
    opt=declares(holder(TICKET), body=Attendee, refuses=(Conflict,)),
)
async def rename(request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID]) -> TicketHeld:
    """Say anew who comes, until the event's cut-off."""
    shop = await shop_of(request, slug)
    body = await read(request, Attendee)
    async with desks(request).database.write(shop.id) as tx:
        held = await holding_ticket(request, tx, ticket_id)
        await edit_attendee(tx, ticket_id, body, actor=visitor(shop.id), generation=held.generation)
    async with desks(request).database.read(shop.id) as tx:
        return await _view(request, tx, await held_ticket(tx, ticket_id, desks(request).signer))


@post(
    "/shops/{slug:str}/tickets/{ticket_id:uuid}/transfer",
    opt=declares(holder(TICKET), body=Receiver, refuses=(Conflict,)),
    status_code=200,
)
async def hand_on(request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID]) -> HandedOn:
    """Hand the ticket on: both are written to, its codes are new, and this token opens it no more."""
    shop = await shop_of(request, slug)
    body = await read(request, Receiver)
    async with desks(request).database.write(shop.id) as tx:
        held = await holding_ticket(request, tx, ticket_id)
        await transfer_ticket(tx, ticket_id, body, actor=visitor(shop.id), generation=held.generation)
        after = await held_ticket(tx, ticket_id, desks(request).signer)
    return _handed_on(after)


@get("/tickets/{ticket_id:uuid}", opt=declares(permission("tickets:view"), query=Nothing))
async def staff_ticket(request: AnyRequest, ticket_id: FromPath[UUID]) -> Ticket:
    """One ticket with what opens the door for it."""
    queried(request, Nothing)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        return (await held_ticket(tx, ticket_id, desks(request).signer)).ticket


@put(
    "/tickets/{ticket_id:uuid}/attendee",
    opt=declares(permission("tickets:manage"), body=Attendee, refuses=(Conflict,)),
)
async def staff_rename(request: AnyRequest, ticket_id: FromPath[UUID]) -> Ticket:
    """Say anew who comes, also after the cut-off that holds for buyers."""
    body, actor = await read(request, Attendee), acting(request)
    async with desks(request).database.write(actor.organization_id) as tx:
        await edit_attendee(tx, ticket_id, body, actor=actor)
        return (await held_ticket(tx, ticket_id, desks(request).signer)).ticket


@post(
    "/tickets/{ticket_id:uuid}/transfer",
    opt=declares(permission("tickets:manage"), body=Receiver, refuses=(Conflict,)),
    status_code=200,
)
async def staff_hand_on(request: AnyRequest, ticket_id: FromPath[UUID]) -> HandedOn:
    """Hand a ticket on for its holder, for one who has mistyped an address, say."""
    body, actor = await read(request, Receiver), acting(request)
    async with desks(request).database.write(actor.organization_id) as tx:
        await transfer_ticket(tx, ticket_id, body, actor=actor)
        return _handed_on(await held_ticket(tx, ticket_id, desks(request).signer))


async def _view(request: AnyRequest, tx: ReadTx, held: HeldTicket) -> TicketHeld:
    ticket = held.ticket
    is_welcome = ticket.status.is_good
    return TicketHeld(
        **{name: getattr(ticket, name) for name in _SAME},
        virtual_event_url=await joining_link(tx, ticket.event_id) if is_welcome else None,
        token=desks(request).keyring.holder_token(
            TICKET, tx.organization_id, ticket.id, held.link_generation
        ),
    )


_SAME = tuple(name for name in TicketHeld.__struct_fields__ if name in Ticket.__struct_fields__)


def _handed_on(held: HeldTicket) -> HandedOn:
    ticket = held.ticket
    assert ticket.transferred_at is not None, "it was handed on in this transaction"
    assert ticket.attendee_info is not None, "a receiver has an address"
    return HandedOn(
        ticket_id=ticket.id, email=ticket.attendee_info.email or "", transferred_at=ticket.transferred_at
    )


ROUTES = [show_ticket, rename, hand_on, staff_ticket, staff_rename, staff_hand_on]
