"""What staff do with an order. Each is done once however often it is pressed: what is done already is shown, not complained about."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from foyer.domains.checkout import (
    approve_order,
    begin_payment,
    cancel_order,
    mark_many_paid,
    mark_paid,
    refuse_order,
)
from foyer.domains.notifications import resend_order_mail
from foyer.domains.orders import change_buyer, edit_notes, order_for_staff, orders_named, state_of
from foyer.domains.orders.types import CancelReason, OrderState
from foyer.infra.db.tx import Tx
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import Conflict, FoyerError, Invalid
from foyer.web.office.forms import beside, sent
from foyer.web.office.lists import asked
from foyer.web.office.orders.detail import Reply, order_page
from foyer.web.office.orders.listing import PATH, listed, selected
from foyer.web.office.pages.orders import BulkOutcome
from foyer.web.shared.render import AnyRequest
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks

STANDING: Final = {OrderState.PAID, OrderState.PARTLY_REFUNDED, OrderState.REFUNDED}


@get(
    [
        "/orders/{order_id:uuid}/payment", "/orders/{order_id:uuid}/cancellation",
        "/orders/{order_id:uuid}/approval", "/orders/{order_id:uuid}/email", "/orders/{order_id:uuid}/notes",
        "/orders/{order_id:uuid}/mail",
    ],
    opt=declares(permission("orders:view")),
    sync_to_thread=False,
)  # fmt: skip
def back_to_order(order_id: FromPath[UUID]) -> Redirect:
    """Where the address of a form that came back is opened again."""
    return Redirect(f"{PATH}/{order_id}", status_code=303)


@post("/orders/{order_id:uuid}/payment", opt=declares(permission("orders:edit")))
async def pay(request: AnyRequest, order_id: FromPath[UUID]) -> Response[Any]:
    """Say that the buyer has paid the organizer directly."""
    here = staff(request)
    work = partial(mark_paid, desks(request).till, here.shop.id, order_id, actor=here.actor)
    return await _shown(request, order_id, work, "paid", STANDING)


@post("/orders/{order_id:uuid}/cancellation", opt=declares(permission("orders:edit")))
async def cancel(request: AnyRequest, order_id: FromPath[UUID]) -> Response[Any]:
    """Cancel an order that nothing is paid for."""
    here = staff(request)

    async def work(tx: Tx) -> None:
        await cancel_order(tx, order_id, actor=here.actor, reason=CancelReason.STAFF)

    return await _done(request, order_id, work, "cancelled", {OrderState.CANCELLED})


@post("/orders/{order_id:uuid}/approval", opt=declares(permission("orders:edit")))
async def decide(request: AnyRequest, order_id: FromPath[UUID]) -> Response[Any]:
    """Say yes to an order that asks, or no with a reason that its buyer is told."""
    here, house, form = staff(request), desks(request), await sent(request)
    refuses = form.choice("decision", ("approve", "refuse"), "approve") == "refuse"
    if form.findings:
        raise Invalid(form.findings[0].detail, field="decision")

    async def work(tx: Tx) -> None:
        if refuses:
            await refuse_order(tx, order_id, actor=here.actor, reason=form.maybe("reason"))
        else:
            await approve_order(tx, order_id, actor=here.actor, providers=house.providers)

    wanted = {OrderState.CANCELLED} if refuses else STANDING | {OrderState.PAYMENT_DUE}
    dialog = "refuse" if refuses else ""
    answer = await _done(
        request, order_id, work, "refused" if refuses else "approved", wanted, dialog=dialog, typed=form.typed
    )
    if not refuses and isinstance(answer, Redirect):
        await begin_payment(house.till, here.shop.id, order_id)
    return answer


@post("/orders/{order_id:uuid}/email", opt=declares(permission("orders:edit")))
async def readdress(request: AnyRequest, order_id: FromPath[UUID]) -> Response[Any]:
    """Give the order to another address; links to it that were sent before open nothing any more."""
    here, form = staff(request), await sent(request)

    async def work(tx: Tx) -> None:
        await change_buyer(tx, order_id, form.text("email"), actor=here.actor)

    return await _done(request, order_id, work, "email", set(), dialog="email", typed=form.typed)


@post("/orders/{order_id:uuid}/notes", opt=declares(permission("orders:edit")))
async def note(request: AnyRequest, order_id: FromPath[UUID]) -> Response[Any]:
    """Keep what staff note about the order; buyers never see it."""
    here, form = staff(request), await sent(request)
    version = form.maybe_number("version")

    async def work(tx: Tx) -> None:
        await edit_notes(tx, order_id, form.text("notes"), actor=here.actor, version=version)

    return await _done(request, order_id, work, "notes", set(), typed=form.typed)


@get(
    ["/orders/bulk/payment", "/orders/bulk/mail", "/orders/bulk"],
    opt=declares(permission("orders:view")),
    sync_to_thread=False,
)
def back_to_orders() -> Redirect:
    """Where the address of what was done to several orders is opened again."""
    return Redirect(PATH, status_code=303)


@post("/orders/{order_id:uuid}/mail", opt=declares(permission("orders:edit")))
async def resend(request: AnyRequest, order_id: FromPath[UUID]) -> Response[Any]:
    """Send the mail again that says where the order stands."""
    here = staff(request)

    async def work(tx: Tx) -> None:
        await resend_order_mail(tx, order_id, actor=here.actor)

    return await _done(request, order_id, work, "mail", set())


@post("/orders/bulk/mail", opt=declares(permission("orders:edit")))
async def resend_several(request: AnyRequest) -> Response[Any]:
    """Send the mails of several orders again."""
    here, house = staff(request), desks(request)
    ticked = selected((await sent(request)).many("order"))
    refused: dict[UUID, str] = {}
    for order_id in ticked:  # each on its own: one that refuses leaves the others alone
        try:
            async with house.database.write(here.shop.id) as tx:
                await resend_order_mail(tx, order_id, actor=here.actor)
        except FoyerError as error:
            refused[order_id] = error.detail
    return await _summed_up(request, ticked, refused, "sent again")


@post("/orders/bulk/payment", opt=declares(permission("orders:edit")))
async def pay_several(request: AnyRequest) -> Response[Any]:
    """Say of several orders that they are paid."""
    here = staff(request)
    ticked = selected((await sent(request)).many("order"))
    outcomes = await mark_many_paid(desks(request).till, here.shop.id, ticked, actor=here.actor)
    refused = {order_id: no.detail for order_id, no in outcomes.items() if no is not None}
    return await _summed_up(request, ticked, refused, "marked as paid")


async def _summed_up(
    request: AnyRequest, ticked: Sequence[UUID], refused: dict[UUID, str], done: str
) -> Response[Any]:
    """The list, and of how many of its orders it is done."""
    count = len(ticked) - len(refused)
    verb = f"{count} of {len(ticked)} {done}." if ticked else "Choose the orders first."
    return await listed(request, asked(request, PATH), outcome=await _outcome(request, verb, count, refused))


async def _outcome(request: AnyRequest, verb: str, done: int, refused: dict[UUID, str]) -> BulkOutcome:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        known = await orders_named(tx, list(refused))
    left: Sequence[tuple[str, str, str]] = [
        (one.order_number, f"{PATH}/{one.id}", refused[one.id]) for one in known
    ]
    return BulkOutcome(verb, done, left)


async def _done(
    request: AnyRequest,
    order_id: UUID,
    work: Callable[[Tx], Awaitable[None]],
    done: str,
    reached: set[OrderState],
    *,
    dialog: str = "",
    typed: dict[str, str] | None = None,
) -> Response[Any]:
    """As `_shown`, for what is done in one transaction."""

    async def act() -> None:
        async with desks(request).database.write(staff(request).shop.id) as tx:
            await work(tx)

    return await _shown(request, order_id, act, done, reached, dialog=dialog, typed=typed)


async def _shown(
    request: AnyRequest,
    order_id: UUID,
    act: Callable[[], Awaitable[None]],
    done: str,
    reached: set[OrderState],
    *,
    dialog: str = "",
    typed: dict[str, str] | None = None,
) -> Response[Any]:
    """Do it and show the order; where it is there already, pressing twice was harmless; else say why not beside the field."""
    house, here = desks(request), staff(request)
    try:
        await act()
    except (Conflict, Invalid) as refused:
        async with house.database.read(here.shop.id) as view:
            state = state_of(await order_for_staff(view, order_id))
        if isinstance(refused, Conflict) and state in reached:
            return Redirect(f"{PATH}/{order_id}?done={done}", status_code=303)
        findings = {one.field: one.detail for one in beside(refused)}
        problem = "" if dialog or "notes" in findings else refused.detail
        reply = Reply(dialog, findings, typed or {}, problem, refused.status)
        return await order_page(request, order_id, reply=reply)
    return Redirect(f"{PATH}/{order_id}?done={done}", status_code=303)


ROUTES = [
    back_to_order,
    pay,
    cancel,
    decide,
    readdress,
    note,
    resend,
    back_to_orders,
    pay_several,
    resend_several,
]
