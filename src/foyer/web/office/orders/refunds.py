"""Money that goes back: thought about on a page of its own, told in numbers before it is done, done once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath
from litestar.response import Redirect

from foyer.domains.checkout import begin_refund, perform_refund
from foyer.domains.checkout.types import Goodwill, NamedTickets
from foyer.domains.orders import order_for_staff
from foyer.domains.orders.types import OrderStaff
from foyer.domains.tickets import guests_of, tickets_for_staff
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import Conflict, Invalid
from foyer.web.office.forms import Form, beside, sent
from foyer.web.office.frame import frame
from foyer.web.office.orders.detail import ticket_lines
from foyer.web.office.orders.listing import PATH, line_views, selected
from foyer.web.office.pages.orders import OrderLineView, RefundPage, TicketLine, method_words
from foyer.web.shared.filters import amount
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks

WAYS: Final = ("tickets", "amount", "all")


@dataclass(frozen=True, slots=True)
class _Choice:
    """What shall go back, as it was chosen; `money` is what was typed, read."""

    way: str
    tickets: tuple[UUID, ...]
    money: int | None
    typed: str
    reason: str

    def wanted(self) -> NamedTickets | Goodwill | None:
        match self.way:
            case "amount":
                return Goodwill(amount=self.money or 0)
            case "all":
                return None
        return NamedTickets(tickets=self.tickets)


@get("/orders/{order_id:uuid}/refund", opt=declares(permission("orders:refund")))
async def think(request: AnyRequest, order_id: FromPath[UUID]) -> Response[Any]:
    """What a refund would do; the address says what is chosen, so that it can be looked at without doing it."""
    return await _page(request, order_id, Form(FormMultiDict(request.query_params.multi_items())))


@post("/orders/{order_id:uuid}/refund", opt=declares(permission("orders:refund")))
async def give_back(request: AnyRequest, order_id: FromPath[UUID]) -> Response[Any]:
    """Give the money back. Pressing twice gives it back once: the amount seen must still be the amount."""
    here, house, form = staff(request), desks(request), await sent(request)
    async with house.database.read(here.shop.id) as view:
        order = await order_for_staff(view, order_id)
        tickets = ticket_lines(order, await guests_of(view, await tickets_for_staff(view, order_id)))
    choice = _choice(form, order)
    _, back = _weighed(choice, tickets, order)
    if form.findings:
        return await _page(request, order_id, form, findings={one.field: one.detail for one in form.findings})
    if back and form.maybe_number("expected") != back:
        told = f"What you chose comes to {amount(back, order.currency)}; look at the numbers before it goes back."
        return await _page(request, order_id, form, findings={"": told}, status=Conflict.status)
    try:
        async with house.database.write(here.shop.id) as tx:
            wanted = choice.wanted()
            seen, reason = form.number("version", 0), choice.reason or None
            await begin_refund(tx, order_id, wanted, actor=here.actor, reason=reason, version=seen)
    except (Conflict, Invalid) as refused:
        findings = {one.field: one.detail for one in beside(refused)}
        return await _page(request, order_id, form, findings=findings, status=refused.status)
    await perform_refund(house.till, here.shop.id, order_id)
    provider = house.providers.get(order.payment_method)
    done = "refunded" if provider is not None and provider.capabilities.is_remote else "written"
    return Redirect(f"{PATH}/{order_id}?done={done}", status_code=303)


def _choice(form: Form, order: OrderStaff) -> _Choice:
    money = form.money("amount", order.currency) if form.text("way") == "amount" else None
    way = form.choice("way", WAYS, "tickets")
    if way == "amount" and not money and not form.findings:
        form.wrong("amount", "Write how much goes back.")
    tickets = tuple(selected(form.many("ticket")))
    return _Choice(way, tickets, money, form.text("amount"), form.text("reason").strip())


def _weighed(
    choice: _Choice, tickets: Sequence[TicketLine], order: OrderStaff
) -> tuple[list[TicketLine], int]:
    """The tickets that would end, and what would go back."""
    left = order.total - order.refunded_amount
    good = [one for one in tickets if one.is_good]
    match choice.way:
        case "amount":
            return [], min(left, choice.money or 0)
        case "all":
            return good, left
    chosen = [one for one in good if one.id in choice.tickets]
    return chosen, min(left, sum(one.paid for one in chosen))


async def _page(
    request: AnyRequest,
    order_id: UUID,
    form: Form,
    *,
    findings: dict[str, str] | None = None,
    status: int | None = None,
) -> Response[Any]:
    here = staff(request)
    async with desks(request).database.read(here.shop.id) as tx:
        order = await order_for_staff(tx, order_id)
        (view,) = await line_views(tx, [order])
        tickets = ticket_lines(order, await guests_of(tx, await tickets_for_staff(tx, order_id)))
    choice = _choice(form, order)
    if view.refund_due:
        choice = replace(choice, way="all")
    chosen, back = _weighed(choice, tickets, order)
    page = RefundPage(
        frame=frame(request, "orders"),
        view=view,
        tickets=[one for one in tickets if one.is_good],
        chosen=frozenset(one.id for one in chosen),
        way=choice.way,
        amount=back,
        left=order.total - order.refunded_amount,
        typed_amount=choice.typed,
        reason=choice.reason,
        effects=_effects(view, chosen, back),
        findings=findings or {},
    )
    return drawn("office/orders/refund.html", page, status=status or (422 if findings else 200))


def _effects(view: OrderLineView, chosen: Sequence[TicketLine], back: int) -> list[str]:
    """What happens now, in numbers."""
    if not back:
        return []
    order, method = view.order, view.order.payment_method
    money = amount(back, order.currency)
    if method == "manual":
        found = [f"{money} is recorded as given back; you transfer it yourself"]
    else:
        found = [f"{money} goes back by {method_words(method)}"]
    if len(chosen) == 1:
        found.append(f"The ticket of {chosen[0].holder or 'its holder'} stops working at the door at once")
    elif chosen:
        found.append(f"{len(chosen)} tickets stop working at the door at once")
    counts: dict[str, int] = {}
    for one in chosen:
        counts[one.type_name] = counts.get(one.type_name, 0) + 1
    if counts:
        places = ", ".join(f"{count} × {name}" for name, count in counts.items())
        found.append(f"{places} {'goes' if len(chosen) == 1 else 'go'} back on sale")
    else:
        found.append("All tickets stay good")
        found.append("No credit note is written for it: an invoice is taken back by tickets only")
    handed = sum(one.was_handed_on for one in chosen)
    if handed:
        found.append(
            f"{handed} of them {'was' if handed == 1 else 'were'} handed on; the money goes to who paid"
        )
    found.append(f"{order.customer.email} gets an email")
    return found


ROUTES = [think, give_back]
