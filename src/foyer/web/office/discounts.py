"""Pages of the office: discount codes, of the whole organization and of one event."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from foyer.domains.events import (
    create_discount,
    delete_discount,
    discount,
    discounts,
    discounts_of_event,
    edit_discount,
    event_for_staff,
    events_for_staff,
)
from foyer.domains.events.types import Discount, DiscountDraft, EventStaff, EventStatus
from foyer.domains.organizations import organization_for_staff
from foyer.infra.db.tx import ReadTx
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import FoyerError, PreconditionFailed
from foyer.kernel.paging import PAGE_DEFAULT, PAGE_MAX
from foyer.web.office.event_form import moment_text
from foyer.web.office.events import known_cursor, returned
from foyer.web.office.forms import Form, is_answerable, money_text, percent_text, require_read, sent
from foyer.web.office.frame import frame
from foyer.web.office.pages.discounts import DiscountPage, DiscountsPage, EventDiscountsPage
from foyer.web.office.pages.events import EventHead
from foyer.web.office.pages.form import FormState
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks

SEARCH_MAX = 40


@get("/discounts", opt=declares(permission("discounts:manage")))
async def list_discounts(
    request: AnyRequest,
    q: FromQuery[str | None] = None,
    active: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    search, after = (q or "").strip()[:SEARCH_MAX], known_cursor(cursor)
    is_open = {"yes": True, "no": False}.get(active or "")
    async with desks(request).database.read(staff(request).shop.id) as tx:
        page = await discounts(tx, search=search or None, active=is_open, cursor=after, limit=PAGE_DEFAULT)
        zone = (await organization_for_staff(tx)).time_zone
    chosen = "" if is_open is None else str(active)
    around = frame(request, "discounts")
    shown = DiscountsPage(around, page.items, zone, search, chosen, after or "", page.next_cursor)
    return drawn("office/discounts.html", shown)


@get("/events/{event_id:uuid}/discounts", opt=declares(permission("events:view")))
async def of_event(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        event = await event_for_staff(tx, event_id)
        codes = await discounts_of_event(tx, event_id, most=PAGE_MAX)
    page = EventDiscountsPage(frame(request, "events"), EventHead(event, "discounts", len(codes)), codes)
    return drawn("office/event_discounts.html", page)


@get("/discounts/new", opt=declares(permission("discounts:manage")))
async def new_discount(request: AnyRequest, event: FromQuery[UUID | None] = None) -> Response[str]:
    shop = staff(request).shop
    async with desks(request).database.read(shop.id) as tx:
        named: list[str] = []
        if event is not None:
            named = [str(kind.id) for kind in (await event_for_staff(tx, event)).ticket_types]
        values = {
            "kind": "percentage", "currency": shop.default_currency, "minimumQuantity": "1",
            "scope": "some" if named else "all",
        }  # fmt: skip
        return await _page(request, tx, FormState(values, lists={"ticketTypeIds": named}))


@post("/discounts/new", opt=declares(permission("discounts:manage")))
async def add_discount(request: AnyRequest) -> Response[Any]:
    here, form = staff(request), await sent(request)
    database = desks(request).database
    try:
        async with database.write(here.shop.id) as tx:
            draft = _read(form, (await organization_for_staff(tx)).time_zone)
            require_read(form)
            await create_discount(tx, draft, actor=here.actor)
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        async with database.read(here.shop.id) as tx:
            return await _page(request, tx, _returned(form, refused), status=refused.status)
    return Redirect("/office/discounts?done=created", status_code=303)


@get("/discounts/{discount_id:uuid}", opt=declares(permission("discounts:manage")))
async def show_discount(request: AnyRequest, discount_id: FromPath[UUID]) -> Response[str]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        code = await discount(tx, discount_id)
        zone = (await organization_for_staff(tx)).time_zone
        state = FormState(_values(code, zone), code.version, lists=_named(code))
        return await _page(request, tx, state, code)


@post("/discounts/{discount_id:uuid}", opt=declares(permission("discounts:manage")))
async def save_discount(request: AnyRequest, discount_id: FromPath[UUID]) -> Response[Any]:
    here, form = staff(request), await sent(request)
    database = desks(request).database
    try:
        async with database.write(here.shop.id) as tx:
            draft = _read(form, (await organization_for_staff(tx)).time_zone)
            require_read(form)
            version = form.number("version", 0)
            await edit_discount(tx, discount_id, lambda _: draft, actor=here.actor, version=version)
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        async with database.read(here.shop.id) as tx:
            code = await discount(tx, discount_id)
            zone = (await organization_for_staff(tx)).time_zone
            state = _returned(form, refused, _values(code, zone), code.version)
            return await _page(request, tx, state, code, refused=refused, status=refused.status)
    return Redirect("/office/discounts?done=saved", status_code=303)


@post("/discounts/{discount_id:uuid}/deletion", opt=declares(permission("discounts:manage")))
async def remove_discount(request: AnyRequest, discount_id: FromPath[UUID]) -> Response[Any]:
    here = staff(request)
    async with desks(request).database.write(here.shop.id) as tx:
        await delete_discount(tx, discount_id, actor=here.actor)
    return Redirect("/office/discounts?done=deleted", status_code=303)


async def _page(
    request: AnyRequest,
    tx: ReadTx,
    state: FormState,
    code: Discount | None = None,
    *,
    refused: FoyerError | None = None,
    status: int = 200,
) -> Response[str]:
    zone = (await organization_for_staff(tx)).time_zone
    around = frame(request, "discounts")
    changed = isinstance(refused, PreconditionFailed)
    page = DiscountPage(around, state, await _open_events(tx), zone, code, changed)
    return drawn("office/discount.html", page, status=status)


async def _open_events(tx: ReadTx) -> list[EventStaff]:
    """Events whose ticket types a code may name: those that can still be sold."""
    page = await events_for_staff(tx, cursor=None, limit=PAGE_MAX)
    is_open = {EventStatus.DRAFT, EventStatus.PUBLISHED}
    return [event for event in page.items if event.status in is_open and event.ticket_types]


def _returned(
    form: Form, refused: FoyerError, stored: dict[str, str] | None = None, version: int = 0
) -> FormState:
    return returned(stored or {}, version, form, refused, lists=["ticketTypeIds"])


def _read(form: Form, zone: str) -> DiscountDraft:
    is_percentage = form.choice("kind", ("percentage", "amount"), "percentage") == "percentage"
    currency = form.text("currency") or "EUR"
    percentage = form.percent("percentage") if is_percentage else None
    amount = None if is_percentage else form.money("amount", currency)
    if is_percentage and percentage is None and not form.findings:
        form.wrong("percentage", "Say how much the code takes off, like 10.")
    if not is_percentage and amount is None and not form.findings:
        form.wrong("amount", "Say how much the code takes off, like 5.00.")
    return DiscountDraft(
        code=form.text("code"),
        percentage=percentage,
        amount=amount,
        currency=None if is_percentage else currency,
        ticket_type_ids=_types(form),
        minimum_quantity=form.number("minimumQuantity", 1),
        max_uses=form.maybe_number("maxUses"),
        uses_per_customer=form.maybe_number("usesPerCustomer"),
        starts_at=form.moment("startsAt", zone),
        ends_at=form.moment("endsAt", zone),
    )


def _types(form: Form) -> list[UUID]:
    """The types a code is for. None are all, so that choosing some and ticking none is a mistake."""
    if form.choice("scope", ("all", "some"), "all") == "all":
        return []
    try:
        named = [UUID(one) for one in form.many("ticketTypeIds")]
    except ValueError:
        named = []
    if not named:
        form.wrong("ticketTypeIds", "Tick at least one ticket type, or let the code be good for all.")
    return named


def _values(code: Discount, zone: str) -> dict[str, str]:
    currency = code.currency or "EUR"
    return {
        "code": code.code,
        "kind": "percentage" if code.amount is None else "amount",
        "percentage": percent_text(code.percentage),
        "amount": money_text(code.amount, currency),
        "currency": currency,
        "scope": "some" if code.ticket_type_ids else "all",
        "minimumQuantity": str(code.minimum_quantity),
        "maxUses": str(code.max_uses or ""),
        "usesPerCustomer": str(code.uses_per_customer or ""),
        "startsAt": moment_text(code.starts_at, zone),
        "endsAt": moment_text(code.ends_at, zone),
    }


def _named(code: Discount) -> dict[str, list[str]]:
    return {"ticketTypeIds": [str(one) for one in code.ticket_type_ids]}


ROUTES: list[BaseRouteHandler] = [
    list_discounts, of_event, new_discount, add_discount, show_discount, save_discount, remove_discount,
]  # fmt: skip
