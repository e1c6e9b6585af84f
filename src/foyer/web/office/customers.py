"""Pages of the office: customers."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect, Stream
from msgspec.structs import replace

from foyer.domains.checkout import erase_customer
from foyer.domains.customers import (
    CUSTOMER_COLUMNS,
    count_customers,
    customer_for_staff,
    customer_rows,
    customers_around,
    edit_customer,
)
from foyer.domains.customers.types import Address, CustomerDraft, CustomerFilter, CustomerStaff
from foyer.domains.orders import bought_by, count_orders, orders_around
from foyer.domains.orders.types import OrderFilter, OrderStatus
from foyer.domains.organizations import time_zone
from foyer.infra.sheet import Sheet
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import Conflict, FoyerError, Invalid
from foyer.kernel.paging import Spot
from foyer.web.office.exports import answered
from foyer.web.office.forms import Form, beside, sent
from foyer.web.office.frame import Toast, frame
from foyer.web.office.lists import COUNTED_MAX, ROWS, Asked, asked, counted
from foyer.web.office.orders.listing import line_views
from foyer.web.office.pages.customers import CustomerLine, CustomerPage, CustomersPage
from foyer.web.office.pages.orders import Choices
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks

PATH: Final = "/office/customers"
ORDERS_SHOWN: Final = 10
FIELDS: Final = {"firstName": "first_name", "lastName": "last_name", "phone": "phone"}
ADDRESS: Final = {
    "address.line1": "line1", "address.line2": "line2", "address.postalCode": "postal_code", "address.city": "city",
    "address.state": "state", "address.country": "country",
}  # fmt: skip
DONE: Final = {
    "kept": "The customer is changed. Orders keep them as they were.",
    "erased": "Everything personal is gone. What was bought and paid still adds up.",
}


@get("/customers", opt=declares(permission("customers:view")))
async def list_customers(request: AnyRequest) -> Response[Any]:
    """Customers, 25 at a time."""
    here, wanted = staff(request), _asked(request)
    sought = _filter(wanted)
    async with desks(request).database.read(here.shop.id) as tx:
        found = await customers_around(tx, sought, spot=wanted.spot, limit=ROWS)
        count = await count_customers(tx, sought, most=COUNTED_MAX + 1)
        zone, now = await time_zone(tx), await tx.now()
    newer, older = wanted.pages(found)
    choices = [("yes", "Said yes"), ("no", "Did not")]
    page = CustomersPage(
        frame=frame(request, "customers"),
        asked=wanted,
        rows=[CustomerLine(one) for one in found.items],
        filters=[Choices("marketing", "Marketing", choices, wanted.text("marketing"))],
        zone=zone,
        now=now,
        words=counted(count, "customer", "customers"),
        newer=newer,
        older=older,
    )
    return drawn("office/customers/list.html", page)


@get("/customers/export", opt=declares(permission("exports:create")))
async def export_customers(request: AnyRequest) -> Stream:
    """The same customers as CSV."""
    staff(request).actor.require("customers:view")
    wanted = _filter(_asked(request))
    return await answered(request, Sheet("customers", CUSTOMER_COLUMNS, partial(customer_rows, wanted)))


@get("/customers/{customer_id:uuid}", opt=declares(permission("customers:view")))
async def show_customer(request: AnyRequest, customer_id: FromPath[UUID]) -> Response[Any]:
    """One customer."""
    return await _shown(request, customer_id)


@post("/customers/{customer_id:uuid}", opt=declares(permission("customers:edit")))
async def change_customer(request: AnyRequest, customer_id: FromPath[UUID]) -> Response[Any]:
    """Correct what is known of a customer; orders keep them as they were."""
    here, form = staff(request), await sent(request)
    try:
        async with desks(request).database.write(here.shop.id) as tx:
            await edit_customer(tx, customer_id, partial(_revised, form), actor=here.actor)
    except (Conflict, Invalid) as refused:
        return await _shown(request, customer_id, form=form, refused=refused)
    return Redirect(f"{PATH}/{customer_id}?done=kept", status_code=303)


@get(
    "/customers/{customer_id:uuid}/erasure", opt=declares(permission("customers:view")), sync_to_thread=False
)
def back_to_customer(customer_id: FromPath[UUID]) -> Redirect:
    """Where the address of a form that came back is opened again."""
    return Redirect(f"{PATH}/{customer_id}", status_code=303)


@post("/customers/{customer_id:uuid}/erasure", opt=declares(permission("customers:erase")))
async def erase(request: AnyRequest, customer_id: FromPath[UUID]) -> Response[Any]:
    """Take everything personal of a customer out of the books, for good. Pressing twice erases once."""
    here = staff(request)
    try:
        async with desks(request).database.write(here.shop.id) as tx:
            await erase_customer(tx, customer_id, actor=here.actor)
    except Conflict as refused:
        async with desks(request).database.read(here.shop.id) as view:
            is_erased = (await customer_for_staff(view, customer_id)).erased_at is not None
        if not is_erased:
            return await _shown(request, customer_id, refused=refused)
    return Redirect(f"{PATH}/{customer_id}?done=erased", status_code=303)


def _asked(request: AnyRequest) -> Asked:
    return asked(request, PATH, "marketing")


def _filter(wanted: Asked) -> CustomerFilter:
    marketing = {"yes": True, "no": False}.get(wanted.text("marketing"))
    return CustomerFilter(q=wanted.text("q") or None, marketing=marketing)


def _revised(form: Form, draft: CustomerDraft) -> CustomerDraft:
    lines = {attribute: form.maybe(name) for name, attribute in ADDRESS.items()}
    return replace(
        draft,
        email=form.text("email"),
        address=Address(**lines) if any(lines.values()) else None,
        marketing=draft.marketing and form.flag("marketing"),
        **{attribute: form.maybe(name) for name, attribute in FIELDS.items()},
    )


async def _shown(
    request: AnyRequest, customer_id: UUID, *, form: Form | None = None, refused: FoyerError | None = None
) -> Response[Any]:
    here, theirs = staff(request), OrderFilter(customer_id=customer_id)
    async with desks(request).database.read(here.shop.id) as tx:
        customer = await customer_for_staff(tx, customer_id)
        found = await orders_around(tx, theirs, state=None, spot=Spot(), limit=ORDERS_SHOWN)
        waiting = replace(theirs, status=OrderStatus.PENDING)
        is_known = customer.erased_at is None
        page = CustomerPage(
            frame=frame(request, "customers", toast=_toast(request)),
            line=CustomerLine(customer),
            orders=await line_views(tx, found.items) if here.may("orders:view") else [],
            more_orders=f"/office/orders?q={customer.email}" if found.after and customer.email else None,
            totals=await bought_by(tx, customer_id),
            zone=await time_zone(tx),
            now=await tx.now(),
            may_edit=here.may("customers:edit") and is_known,
            may_erase=here.may("customers:erase") and is_known,
            order_count=await count_orders(tx, theirs, state=None, most=COUNTED_MAX),
            waiting=await count_orders(tx, waiting, state=None, most=COUNTED_MAX),
            values=form.typed if form else _values(customer),
            findings={one.field: one.detail for one in beside(refused)} if refused else {},
            problem=refused.detail if refused and form is None else "",
        )
    return drawn("office/customers/detail.html", page, status=refused.status if refused else 200)


def _toast(request: AnyRequest) -> Toast | None:
    done = DONE.get(request.query_params.get("done", ""))
    return Toast(done) if done else None


def _values(customer: CustomerStaff) -> Mapping[str, str]:
    address = customer.address or Address()
    return {
        "email": customer.email or "",
        "marketing": "on" if customer.marketing else "",
        **{name: getattr(customer, attribute) or "" for name, attribute in FIELDS.items()},
        **{name: getattr(address, attribute) or "" for name, attribute in ADDRESS.items()},
    }


ROUTES: list[BaseRouteHandler] = [
    list_customers, export_customers, show_customer, change_customer, back_to_customer, erase,
]  # fmt: skip
