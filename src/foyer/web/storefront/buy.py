"""Buying: checkout."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from msgspec.structs import replace

from foyer.domains.carts import CartEdit, EditAsk, regular_code
from foyer.domains.carts import cart as cart_by_id
from foyer.domains.carts.errors import lapsed
from foyer.domains.carts.types import LEFT_CART, Cart, CartStatus
from foyer.domains.checkout import deadline, odd_answers, place_ask
from foyer.domains.checkout.types import WantedAttendee
from foyer.domains.customers import buyer_behind, regular
from foyer.domains.customers.types import Buyer, Customer
from foyer.domains.events import on_sale, questions_asked
from foyer.domains.events.types import EventOnSale, QuestionPublic, SaleState
from foyer.domains.orders import order_of_cart
from foyer.domains.organizations.types import Shop
from foyer.infra.batching import Counter
from foyer.kernel.access import declares, holder
from foyer.kernel.errors import CartExpired, CodeInvalid, Conflict, Finding, FoyerError, Invalid, NotFound
from foyer.kernel.language import said
from foyer.web.shared.filters import amount
from foyer.web.shared.pages import (
    CODE_FIELD,
    CONTACT_WORDS,
    TOTAL_FIELD,
    AttendeeSlot,
    CheckoutPage,
    Way,
    answers_in,
    asked_once,
    named_at,
    resettled,
    slots_of,
    were_others,
)
from foyer.web.shared.pages.browse import CLOSED
from foyer.web.shared.pages.expired import Again, ExpiredPage
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.request import typed_into
from foyer.web.shared.visitor import buyer_token, desks, leaving, order_href, session_of
from foyer.web.shared.words import LANGUAGE, _, told

CART: Final = "cart"
SWEPT: Final = timedelta(seconds=5)
"""So long after its end the places of a cart have gone back for sure."""
NO_CART: Final = said("There is no such cart here. It may have been made in another browser.")
REMIND: Final = "remind"
"""The box of who wants to hear of what they leave behind; an order says nothing of it."""
TAKE_OFF: Final = "takeCodeOff"
"""The button that takes a code off sends its name; the one beside the field sends none."""

Form = dict[str, str]


class _Till(NamedTuple):
    """One cart on its way to become an order, as of `now`."""

    shop: Shop
    sale: EventOnSale
    cart: Cart
    now: datetime
    questions: list[QuestionPublic]
    buyer: Buyer | None
    """Who is signed in, with a code that was mailed to them."""

    @property
    def counter(self) -> Counter:
        return Counter(self.shop.id, self.cart.event_id)

    @property
    def slots(self) -> list[AttendeeSlot]:
        return slots_of(self.cart, self.questions)

    @property
    def way(self) -> Way:
        chosen = {line.ticket_type_id for line in self.cart.items}
        if any(one.terms.requires_approval for one in self.sale.types if one.terms.id in chosen):
            return Way.REQUEST
        return Way.INVOICE if self.cart.total else Way.FREE

    @property
    def until(self) -> datetime:
        """Until when the organizer decides, or the order has to be paid."""
        terms = self.sale.terms
        hours = terms.approval_hours if self.way is Way.REQUEST else terms.manual_payment_hours
        return deadline(terms, self.now, hours)


@get("/{slug:str}/carts/{cart_id:uuid}", opt=declares(holder(CART)))
async def checkout(
    request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    """The cart of this browser; one that was left also for whoever has the link in a reminder of it."""
    till = await _till(request, slug, cart_id, key)
    if till.cart.status is not CartStatus.ACTIVE:
        return await _ended(request, till)
    return _page(till, _known(till.cart.customer or till.buyer), is_fresh=True)


@get(
    ["/{slug:str}/carts/{cart_id:uuid}/checkout", "/{slug:str}/carts/{cart_id:uuid}/code"],
    opt=declares(holder(CART)),
    sync_to_thread=False,
)
def back_to_checkout(slug: FromPath[str], cart_id: FromPath[UUID]) -> Redirect:
    """Where the address of a form that came back is opened again."""
    return Redirect(f"/{quote(slug)}/carts/{cart_id}", status_code=303)


@post("/{slug:str}/carts/{cart_id:uuid}/code", opt=declares(holder(CART)))
async def change_code(request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]) -> Response[Any]:
    """Try a code, or take it off; the page comes back with everything that was typed in the other fields."""
    till = await _till(request, slug, cart_id)
    form = resettled(await typed_into(request), till.cart)
    if till.cart.status is not CartStatus.ACTIVE:
        return await _ended(request, till, form)
    try:
        edit = CartEdit(drops_code=True) if TAKE_OFF in form else CartEdit(code=_code(form))
        edit = edit._replace(customer=_contact(form))
        cart = await _edit(request, till, edit)
    except FoyerError as refused:
        _must_be_shown(refused)
        fresh = await _till(request, slug, cart_id)
        if fresh.cart.status is not CartStatus.ACTIVE:
            return await _ended(request, fresh, form)
        finding = Finding(CODE_FIELD, refused.detail, refused.code)
        return _page(fresh, form, [finding], status=refused.status, has_summary=False)
    return _page(till._replace(cart=cart), {**form, CODE_FIELD: ""})


@post("/{slug:str}/carts/{cart_id:uuid}/contact", opt=declares(holder(CART)))
async def keep_contact(request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]) -> Response[None]:
    """Remember who buys before they order, so that another tab knows it too; what is no contact yet is let go."""
    till, form = await _till(request, slug, cart_id), await typed_into(request)
    contact = _contact(form)
    if contact is not None and contact != till.cart.customer and till.cart.status is CartStatus.ACTIVE:
        # Whoever orders or lets the time pass meanwhile has nothing left to be remembered for.
        with suppress(Conflict, CartExpired):
            await _edit(request, till, CartEdit(customer=contact))
    return Response(None, status_code=204)


@post("/{slug:str}/carts/{cart_id:uuid}/checkout", opt=declares(holder(CART)))
async def place(request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]) -> Response[Any]:
    """Place the order; where that cannot be, the page comes back with everything that was typed.

    A cart that is an order already, or over, says so before anything else: another tab may have been quicker.
    """
    house = desks(request)
    till, typed = await _till(request, slug, cart_id), await typed_into(request)
    form = resettled(typed, till.cart)
    if till.cart.status is not CartStatus.ACTIVE:
        return await _ended(request, till, form)
    if were_others(typed, till.cart):
        notice = _("Your tickets were changed in another tab. Please look at them once more.")
        return _page(till, form, notice=notice, status=409)
    people, once = _attendees(form, till), answers_in(asked_once(till.cart, till.questions), form)
    try:
        if _has_fresh_code(form, till.cart):
            # Who has typed a code and not applied it expects it to count: it is applied, and the new total confirmed.
            cart = await _edit(request, till, CartEdit(code=_code(form)))
            notice = _("%(code)s was applied. The total is %(amount)s now; press once more to order.") % {
                "code": cart.discount_code, "amount": amount(cart.total, cart.currency),
            }  # fmt: skip
            return _page(till._replace(cart=cart), {**form, CODE_FIELD: ""}, notice=notice)
        ask = place_ask(
            cart_id,
            _customer(form),
            people,
            "manual" if till.cart.total else "free",
            known_methods=house.providers,
            expected_total=_seen_total(form),
            language=LANGUAGE.get(),
        ).answering(once)
        placed = await house.place.ask(till.counter, ask, is_gone=leaving(request))
    except FoyerError as refused:
        _must_be_shown(refused)
        fresh = await _till(request, slug, cart_id)
        if fresh.cart.status is not CartStatus.ACTIVE:
            return await _ended(request, fresh, form)
        found = list(refused.as_findings())
        if isinstance(refused, Invalid):
            # Who buys is looked at before what is asked; a buyer is told of all of it at once.
            found += odd_answers(till.questions, people, once, till.cart.items)
        return _page(fresh, form, _in_the_form(found, fresh, form), status=refused.status)
    return Redirect(order_href(request, till.shop, placed.order), status_code=303)


@post("/{slug:str}/carts/{cart_id:uuid}/release", opt=declares(holder(CART)))
async def release(request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]) -> Response[Any]:
    """Give the places back and return to the event; what was ordered meanwhile stays, and is shown."""
    till = await _till(request, slug, cart_id)
    if till.cart.status is CartStatus.CONVERTED:
        return await _ended(request, till)
    if till.cart.status is CartStatus.ACTIVE:
        await _edit(request, till, CartEdit(releases=True))
    return Redirect(f"/{till.shop.slug}/events/{till.sale.event.slug}", status_code=303)


async def _till(request: AnyRequest, slug: str, cart_id: UUID, key: str | None = None) -> _Till:
    """The cart, if this browser's session made it, or `key` is of a reminder of it; otherwise it does not exist."""
    shop = await desks(request).window.shop(slug)
    async with desks(request).database.read(shop.id) as tx:
        cart = await cart_by_id(tx, cart_id)
        if session_of(request) != cart.session_id and not _recalls(request, shop, cart, key):
            raise NotFound(NO_CART)
        # Who holds a cart sees its event, whatever the shop shows of it today.
        sale = await on_sale(tx, event_id=cart.event_id)
        assert sale is not None, "an event with carts is never deleted"
        buyer = await buyer_behind(tx, buyer_token(request, shop))
        return _Till(shop, sale, cart, await tx.now(), await questions_asked(tx, cart.event_id), buyer)


def _recalls(request: AnyRequest, shop: Shop, cart: Cart, key: str | None) -> bool:
    is_key = desks(request).keyring.is_holder_token(key or "", LEFT_CART, shop.id, cart.id)
    return is_key and cart.status is CartStatus.ABANDONED


async def _ended(request: AnyRequest, till: _Till, form: Form | None = None) -> Response[Any]:
    """Where a cart that is not held any more leads: to its order, or to what ended, with who was typed meanwhile."""
    if till.cart.status is not CartStatus.CONVERTED:
        return _expired(till, form)
    async with desks(request).database.read(till.shop.id) as tx:
        order = await order_of_cart(tx, till.cart.id)
    assert order is not None, "a converted cart is an order"
    return Redirect(order_href(request, till.shop, order), status_code=303)


def _expired(till: _Till, form: Form | None) -> Response[str]:
    """What ended, and the way to have it once more; of an event that is off nothing can be had."""
    is_given_back = till.cart.expires_at > till.now
    # At the very end the places are this cart's still: whoever takes them again a moment later finds them.
    is_held = not is_given_back and till.cart.expires_at > till.now - SWEPT
    terms, types = till.sale.terms, {one.terms.id: one for one in till.sale.types}
    lines = []
    for line in till.cart.items:
        kind, free, state = types.get(line.ticket_type_id), 0, SaleState.ENDED
        if kind is not None:
            free = kind.free + (line.quantity if is_held else 0)
            state = terms.state_of(kind.terms, free=free, now=till.now)
        closed = "" if state.is_buyable else told(CLOSED[state])
        lines.append(Again(line.ticket_type_id, line.name, line.quantity, free, closed))
    page = ExpiredPage(
        shop=till.shop, event=till.sale.event, cart=till.cart, lines=lines, is_given_back=is_given_back,
        contact=_contact(form or {}) or till.cart.customer, is_answer=form is not None,
    )  # fmt: skip
    return drawn("shop/expired.html", page, status=lapsed().status)


async def _edit(request: AnyRequest, till: _Till, edit: CartEdit) -> Cart:
    ask = EditAsk(till.cart.id, edit)
    return await desks(request).edit.ask(till.counter, ask, is_gone=leaving(request))


def _must_be_shown(refused: FoyerError) -> None:
    """Raise again what has a page of its own; everything else stands in the form."""
    if refused.status >= 500 or isinstance(refused, NotFound):
        raise refused


def _code(form: Form) -> str:
    if not (text := form.get(CODE_FIELD, "")).strip():
        raise CodeInvalid(said("Type the code first."), field=CODE_FIELD)
    return regular_code(text)


def _has_fresh_code(form: Form, cart: Cart) -> bool:
    typed = form.get(CODE_FIELD, "").strip().lower()
    return typed not in {"", (cart.discount_code or "").lower()}


def _seen_total(form: Form) -> int:
    """The total that stood on the button; a form that says none has shown nothing to pay."""
    text = form.get(TOTAL_FIELD, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


def _customer(form: Form) -> Customer:
    return Customer(
        email=form.get("email", ""), first_name=form.get("firstName"), last_name=form.get("lastName")
    )


def _contact(form: Form) -> Customer | None:
    """Who buys, once it reads as an address, and whether they want to be reminded of it."""
    customer, found = regular(replace(_customer(form), marketing=REMIND in form))
    return None if found else customer


def _known(customer: Customer | Buyer | None) -> Form:
    """What is known of the buyer before anything is typed."""
    if customer is None:
        return {}
    names = {"firstName": customer.first_name, "lastName": customer.last_name}
    wish = {REMIND: "on"} if isinstance(customer, Customer) and customer.marketing else {}
    return {"email": customer.email, **{name: value for name, value in names.items() if value}, **wish}


def _attendees(form: Form, till: _Till) -> list[WantedAttendee]:
    """Who was named for each place, in the order of the slots; a place left empty goes to the buyer."""
    people = []
    types = [line.ticket_type_id for line in till.cart.items for _ in range(line.quantity)]
    for type_id, slot in zip(types, till.slots, strict=True):
        prefix = named_at(slot, form)
        person = {name: form.get(f"{prefix}{name}", "").strip() for name in CONTACT_WORDS}
        people.append(
            WantedAttendee(
                ticket_type_id=type_id,
                first_name=person["firstName"],
                last_name=person["lastName"],
                email=person["email"] if prefix else None,
                answers=answers_in(slot.asked, form),
            )
        )
    return people


def _in_the_form(found: list[Finding], till: _Till, form: Form) -> list[Finding]:
    """Findings under the names of the form's fields, each once."""
    named = [Finding(_field(one.field, till, form), one.detail, one.code) for one in found]
    return list({(one.field, one.detail): one for one in named}.values())


def _field(field: str, till: _Till, form: Form) -> str:
    """`customer.email` is `email`; `attendees[1].email` is the field that the place's person was typed into."""
    field = field.removeprefix("customer.")
    if not field.startswith("attendees["):
        return _of_question(field)
    place, _, name = field.removeprefix("attendees[").partition("].")
    if int(place) >= len(till.slots):
        return ""
    slot = till.slots[int(place)]
    return f"{named_at(slot, form) if name in CONTACT_WORDS else slot.prefix}{_of_question(name)}"


def _of_question(field: str) -> str:
    """An answer's field by the name that it has in the form."""
    return field.replace("answers.", "answer-", 1) if field.startswith("answers.") else field


def _page(
    till: _Till,
    form: Form | None = None,
    findings: list[Finding] | None = None,
    *,
    status: int = 200,
    has_summary: bool = True,
    notice: str = "",
    is_fresh: bool = False,
) -> Response[str]:
    page = CheckoutPage(
        shop=till.shop,
        event=till.sale.event,
        cart=till.cart,
        as_of=till.now,
        way=till.way,
        until=till.until,
        slots=till.slots,
        asked=asked_once(till.cart, till.questions),
        form=form or {},
        findings=findings or [],
        has_summary=has_summary,
        notice=notice,
        is_fresh=is_fresh,
        is_signed_in=till.buyer is not None,
    )
    return drawn("shop/checkout.html", page, status=status)


ROUTES = [checkout, back_to_checkout, change_code, keep_contact, place, release]
