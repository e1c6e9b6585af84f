"""Documents of an order for staff: its tickets, its invoices and credit notes."""

from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from foyer.api.access import acting, declares, permission
from foyer.api.requests import AnyRequest, Nothing, desks, queried, workshop
from foyer.domains.orders import find_invoice, invoice_pdf, invoices_of_order, order_for_staff
from foyer.domains.orders.types import Invoice
from foyer.domains.tickets import ticket_pdf
from foyer.kernel.errors import NotFound
from foyer.kernel.wire import Wire

PDF = "application/pdf"


class OrderInvoices(Wire, frozen=True):
    items: list[Invoice]


@get("/orders/{order_id:uuid}/invoices", opt=declares(permission("orders:view"), query=Nothing))
async def list_invoices(request: AnyRequest, order_id: FromPath[UUID]) -> OrderInvoices:
    """Invoices and credit notes of the order, the oldest first. They are issued by themselves and never change."""
    queried(request, Nothing)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        order = await order_for_staff(tx, order_id)
        return OrderInvoices(items=await invoices_of_order(tx, order.id))


@get(
    "/orders/{order_id:uuid}/invoices/{invoice_id:uuid}/pdf",
    opt=declares(permission("orders:view")),
    media_type=PDF,
)
async def show_invoice(
    request: AnyRequest, order_id: FromPath[UUID], invoice_id: FromPath[UUID]
) -> Response[bytes]:
    """The invoice or credit note as PDF/A."""
    organization_id = acting(request).organization_id
    async with desks(request).database.read(organization_id) as tx:
        invoice, _ = await find_invoice(tx, invoice_id)
    if invoice.order_id != order_id:
        raise NotFound("The order has no such invoice.")
    return _paper(await invoice_pdf(workshop(request), organization_id, invoice_id), invoice.number)


@get("/orders/{order_id:uuid}/tickets/pdf", opt=declares(permission("tickets:view")), media_type=PDF)
async def show_tickets(request: AnyRequest, order_id: FromPath[UUID]) -> Response[bytes]:
    """The tickets that still open the door for whoever ordered them as PDF/A, one page each; 404 where there are none."""
    organization_id = acting(request).organization_id
    content = await ticket_pdf(workshop(request), desks(request).signer, organization_id, order_id)
    return _paper(content, "tickets")


def _paper(content: bytes, name: str) -> Response[bytes]:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=PDF, headers=headers)


ROUTES = [list_invoices, show_invoice, show_tickets]
