"""One ticket for whoever holds it: shown, renamed, handed on."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from litestar.types import ExceptionHandlersMap

from foyer.domains.events import holder_terms, joining_link, on_sale
from foyer.domains.events.types import EventOnSale
from foyer.domains.orders import find_order
from foyer.domains.orders.types import Order
from foyer.domains.organizations import lets_tickets_change_hands
from foyer.domains.organizations.types import Shop
from foyer.domains.tickets import (
    CALENDAR,
    apple_pass,
    edit_attendee,
    find_ticket,
    google_address,
    held_calendar,
    held_ticket_pdf,
    place_in_order,
    transfer_ticket,
)
from foyer.domains.tickets.types import Attendee, HeldTicket, Receiver, Ticket, WalletWish
from foyer.infra.db.tx import ReadTx
from foyer.infra.wallets import PKPASS
from foyer.kernel.access import declares, holder
from foyer.kernel.actor import visitor
from foyer.kernel.errors import Conflict, Finding, Invalid, NotFound
from foyer.kernel.language import said
from foyer.web.shared.pages import HandedOnPage, StateKind, StatePage, TicketPage
from foyer.web.shared.render import AnyRequest, drawn, paper
from foyer.web.shared.request import typed_into
from foyer.web.shared.visitor import base_url, desks, order_href, ticket_href, wallets, workshop
from foyer.web.shared.words import LANGUAGE
from foyer.web.storefront.cards import ticket_view
from foyer.web.storefront.holding import ORDER

TICKET: Final = "ticket"
NOT_HELD: Final = said("There is no such ticket, or this is not the whole link to it.")
LOOK: Final = "shop/ticket.html"
RENAME: Final = "shop/ticket_rename.html"
HAND_ON: Final = "shop/ticket_hand_on.html"


class _Handed(Exception):
    """The link is one that opened a ticket of this shop before it was handed on."""

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self.shop = shop


def _gone(_request: AnyRequest, handed: _Handed) -> Response[str]:
    """What a former link shows: where the ticket went stays between giver and receiver."""
    return drawn("shop/state.html", StatePage(kind=StateKind.HANDED_ON, shop=handed.shop))


FORMER: Final[ExceptionHandlersMap] = {_Handed: _gone}


class _Holder(NamedTuple):
    """Who has the link of one ticket."""

    request: AnyRequest
    shop: Shop
    ticket_id: UUID
    key: str
    order_key: str = ""
    """That of the order, where somebody came from its page; not looked at yet."""

    async def ticket(self, tx: ReadTx) -> HeldTicket:
        """The ticket, if the key is today's; otherwise it does not exist."""
        found = await find_ticket(tx, self.ticket_id, desks(self.request).signer)
        if found is None:
            raise NotFound(NOT_HELD)
        if not self._opens(found.link_generation):
            if any(self._opens(former) for former in found.former_links):
                raise _Handed(self.shop)
            raise NotFound(NOT_HELD)
        return found

    def order_href(self, order: Order) -> str:
        """The way back to the order for whoever came from its page; empty for everybody else, who may not see it."""
        keyring, key = desks(self.request).keyring, self.order_key
        is_theirs = keyring.is_holder_token(key, ORDER, self.shop.id, order.id, order.generation)
        return order_href(self.request, self.shop, order) if is_theirs else ""

    def _opens(self, generation: int) -> bool:
        keyring = desks(self.request).keyring
        return keyring.is_holder_token(self.key, TICKET, self.shop.id, self.ticket_id, generation)


@get("/{slug:str}/tickets/{ticket_id:uuid}", opt=declares(holder(TICKET)), exception_handlers=FORMER)
async def ticket_page(
    request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    return await _page(await _holder(request, slug, ticket_id, key), LOOK)


@get(
    "/{slug:str}/tickets/{ticket_id:uuid}/ticket.pdf", opt=declares(holder(TICKET)), exception_handlers=FORMER
)
async def on_paper(
    request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    held = await _holder(request, slug, ticket_id, key)
    async with desks(request).database.read(held.shop.id) as tx:
        generation = (await held.ticket(tx)).generation
    content = await held_ticket_pdf(
        workshop(request), desks(request).signer, held.shop.id, ticket_id,
        generation=generation, language=LANGUAGE.get(),
    )  # fmt: skip
    return paper(content, "ticket.pdf")


@get(
    "/{slug:str}/tickets/{ticket_id:uuid}/calendar.ics",
    opt=declares(holder(TICKET)),
    exception_handlers=FORMER,
)
async def in_calendar(
    request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    held = await _holder(request, slug, ticket_id, key)
    async with desks(request).database.read(held.shop.id) as tx:
        found = await held.ticket(tx)
        address = base_url(request) + ticket_href(request, held.shop, ticket_id, found.link_generation)
        content = await held_calendar(tx, found.ticket, address=address, language=LANGUAGE.get())
    return paper(content, "event.ics", CALENDAR)


@get(
    "/{slug:str}/tickets/{ticket_id:uuid}/apple-wallet",
    opt=declares(holder(TICKET)),
    exception_handlers=FORMER,
)
async def in_apple_wallet(
    request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    wish = await _wish(await _holder(request, slug, ticket_id, key))
    content = await apple_pass(workshop(request), wallets(request), desks(request).signer, wish)
    return paper(content, "ticket.pkpass", PKPASS)


@get(
    "/{slug:str}/tickets/{ticket_id:uuid}/google-wallet",
    opt=declares(holder(TICKET)),
    exception_handlers=FORMER,
)
async def in_google_wallet(
    request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    """Send the holder to Google with what is signed for them; the address is made when it is asked for."""
    wish = await _wish(await _holder(request, slug, ticket_id, key))
    there = await google_address(workshop(request), wallets(request), desks(request).signer, wish)
    return Redirect(there, status_code=303, headers={"Cache-Control": "private, no-store"})


async def _wish(held: _Holder) -> WalletWish:
    """The ticket that this link opens, on its way into a wallet."""
    async with desks(held.request).database.read(held.shop.id) as tx:
        found = await held.ticket(tx)
    href = ticket_href(held.request, held.shop, held.ticket_id, found.link_generation)
    address = base_url(held.request) + href
    return WalletWish(held.shop.id, held.ticket_id, found.generation, address, LANGUAGE.get())


@get("/{slug:str}/tickets/{ticket_id:uuid}/attendee", opt=declares(holder(TICKET)), exception_handlers=FORMER)
async def rename_form(
    request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    return await _page(await _holder(request, slug, ticket_id, key), RENAME)


@post(
    "/{slug:str}/tickets/{ticket_id:uuid}/attendee", opt=declares(holder(TICKET)), exception_handlers=FORMER
)
async def rename(
    request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    """Say anew who comes; the answers to the organizer's questions stay as they are."""
    held = await _holder(request, slug, ticket_id, key)
    form = await typed_into(request)
    try:
        async with desks(request).database.write(held.shop.id) as tx:
            found = await held.ticket(tx)
            before = found.ticket.attendee_info
            named = Attendee(
                first_name=form.get("firstName"),
                last_name=form.get("lastName"),
                email=form.get("email"),
                phone=form.get("phone"),
                additional_fields=before.additional_fields if before else {},
            )
            actor = visitor(held.shop.id)
            await edit_attendee(tx, ticket_id, named, actor=actor, generation=found.generation)
    except Invalid as refused:
        return await _page(held, RENAME, form, refused.as_findings(), status=refused.status)
    except Conflict as refused:
        return await _page(held, RENAME, form, problem=refused.detail, status=refused.status)
    return Redirect(
        ticket_href(request, held.shop, ticket_id, found.link_generation) + "&saved=1", status_code=303
    )


@get("/{slug:str}/tickets/{ticket_id:uuid}/transfer", opt=declares(holder(TICKET)), exception_handlers=FORMER)
async def hand_on_form(
    request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    return await _page(await _holder(request, slug, ticket_id, key), HAND_ON)


@post(
    "/{slug:str}/tickets/{ticket_id:uuid}/transfer",
    opt=declares(holder(TICKET)),
    exception_handlers=FORMER,
    status_code=200,
)
async def hand_on(
    request: AnyRequest, slug: FromPath[str], ticket_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    """Hand the ticket on. Pressing twice hands it on once: the second time the link is already a former one.

    To whom it went is said in the answer to the form and nowhere else: the link is not the giver's alone.
    """
    held = await _holder(request, slug, ticket_id, key)
    form = await typed_into(request)
    receiver = Receiver(
        email=form.get("email", ""), first_name=form.get("firstName"), last_name=form.get("lastName")
    )
    try:
        async with desks(request).database.write(held.shop.id) as tx:
            found = await held.ticket(tx)
            # Nothing is read behind the write: what failed there would hide from the giver to whom the ticket went.
            order, sale = await _bought(tx, found.ticket)
            actor = visitor(held.shop.id)
            await transfer_ticket(tx, ticket_id, receiver, actor=actor, generation=found.generation)
    except Invalid as refused:
        return await _page(held, HAND_ON, form, refused.as_findings(), status=refused.status)
    except Conflict as refused:
        return await _page(held, HAND_ON, form, problem=refused.detail, status=refused.status)
    names = {line.ticket_type_id: line.name for line in order.items}
    page = HandedOnPage(
        shop=held.shop,
        event=sale.event,
        type_name=names[found.ticket.ticket_type_id],
        email=receiver.email.strip(),
        order_href=held.order_href(order),
    )
    return drawn("shop/ticket_handed_on.html", page)


async def _bought(tx: ReadTx, ticket: Ticket) -> tuple[Order, EventOnSale]:
    """The order that a ticket is from, and its event."""
    order = await find_order(tx, ticket.order_id)
    sale = await on_sale(tx, event_id=ticket.event_id)
    assert order is not None, "a ticket has an order"
    assert sale is not None, "an event with orders is never deleted"
    return order, sale


async def _holder(request: AnyRequest, slug: str, ticket_id: UUID, key: str | None) -> _Holder:
    order_key = request.query_params.get(ORDER, "")
    return _Holder(request, await desks(request).window.shop(slug), ticket_id, key or "", order_key)


async def _page(
    held: _Holder,
    template: str,
    form: Mapping[str, str] | None = None,
    findings: Sequence[Finding] = (),
    *,
    problem: str = "",
    status: int = 200,
) -> Response[str]:
    house = desks(held.request)
    async with house.database.read(held.shop.id) as tx:
        ticket = (await held.ticket(tx)).ticket
        order, sale = await _bought(tx, ticket)
        own = f"/{held.shop.slug}/tickets/{ticket.id}?key={held.key}"
        view = ticket_view(ticket, order, sale.event, own, await place_in_order(tx, ticket))
        person = ticket.attendee_info or Attendee()
        typed = {
            "firstName": person.first_name or "",
            "lastName": person.last_name or "",
            "email": person.email or "",
            "phone": person.phone or "",
        }
        page = TicketPage(
            shop=held.shop,
            event=sale.event,
            order=order,
            view=view,
            key=held.key,
            terms=await holder_terms(tx, ticket.event_id),
            lets_hand_on=await lets_tickets_change_hands(tx),
            as_of=await tx.now(),
            wallets=await wallets(held.request).offered(await tx.now()),
            joining_link=await joining_link(tx, ticket.event_id) if view.is_open else None,
            form=form if form is not None else typed if template == RENAME else {},
            findings=findings,
            problem=problem,
            order_href=held.order_href(order),
            is_saved="saved" in held.request.query_params,
        )
    return drawn(template, page, status=status)


ROUTES = [
    ticket_page,
    on_paper,
    in_calendar,
    in_apple_wallet,
    in_google_wallet,
    rename_form,
    rename,
    hand_on_form,
    hand_on,
]
