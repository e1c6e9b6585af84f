"""What was written to the buyer of an order and to its organizer, and the one mail that can be sent again."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath

from foyer.api.access import IDEMPOTENCY_KEY, acting, declares, permission
from foyer.api.idempotency import once
from foyer.api.requests import AnyRequest, Nothing, desks, queried, read_nothing
from foyer.domains.notifications import mails_about, resend_order_mail
from foyer.domains.notifications.types import Mail
from foyer.domains.orders import order_for_staff
from foyer.infra.db.tx import ReadTx
from foyer.kernel.errors import Conflict
from foyer.kernel.wire import Wire


class OrderMails(Wire, frozen=True):
    items: Sequence[Mail]


@get("/orders/{order_id:uuid}/mails", opt=declares(permission("orders:view"), query=Nothing))
async def list_mails(request: AnyRequest, order_id: FromPath[UUID]) -> OrderMails:
    """Mails about the order, the oldest first. Where one was not taken, `errorMessage` is what the mail server said."""
    queried(request, Nothing)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        return OrderMails(items=await _mails(tx, order_id))


@post(
    "/orders/{order_id:uuid}/mails",
    opt=declares(permission("orders:edit"), honours=(IDEMPOTENCY_KEY,), refuses=(Conflict,)),
)
async def send_again(request: AnyRequest, order_id: FromPath[UUID]) -> OrderMails:
    """Send the mail again that says where the order stands: its tickets, or how to pay. At most three within an hour."""
    await read_nothing(request)
    actor = acting(request)
    async with desks(request).database.write(actor.organization_id) as tx, once(tx, request) as earlier:
        if earlier.resource_id is None:
            await resend_order_mail(tx, order_id, actor=actor)
            earlier.remember(order_id)
    async with desks(request).database.read(actor.organization_id) as view:
        return OrderMails(items=await _mails(view, order_id))


async def _mails(tx: ReadTx, order_id: UUID) -> Sequence[Mail]:
    order = await order_for_staff(tx, order_id)
    return await mails_about(tx, order.id)


ROUTES: Final = [list_mails, send_again]
