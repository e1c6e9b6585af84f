"""Who has the whole link of an order: the number alone opens nothing."""

from typing import Final, NamedTuple
from uuid import UUID

from foyer.domains.orders import find_order
from foyer.domains.orders.types import Order
from foyer.domains.organizations.types import Shop
from foyer.infra.db.tx import ReadTx
from foyer.kernel.errors import NotFound
from foyer.kernel.language import said
from foyer.web.shared.render import AnyRequest
from foyer.web.shared.visitor import desks

ORDER: Final = "order"


class OrderHolder(NamedTuple):
    """A request with the link of an order."""

    request: AnyRequest
    shop: Shop
    order_id: UUID
    key: str

    async def order(self, tx: ReadTx) -> Order:
        """The order, if the key is its own; otherwise it does not exist."""
        order = await find_order(tx, self.order_id)
        keyring = desks(self.request).keyring
        if order is None or not keyring.is_holder_token(
            self.key, ORDER, self.shop.id, order.id, order.generation
        ):
            raise NotFound(said("There is no such order, or this is not the whole link to it."))
        return order


async def order_holder(request: AnyRequest, slug: str, order_id: UUID, key: str | None) -> OrderHolder:
    return OrderHolder(request, await desks(request).window.shop(slug), order_id, key or "")
