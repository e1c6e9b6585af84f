"""What stands in the database, under the names that the simulation has given: what is compared before and after every step."""

from typing import NamedTuple, TypeVar
from uuid import UUID

from foyer.infra.db.engine import Connection


class OrderView(NamedTuple):
    """An order with everything that belongs to it; two equal views are two equal orders."""

    id: UUID
    event_id: UUID
    cart_id: UUID
    customer_id: UUID
    status: str
    payment: str
    reason: str | None
    approval: str | None
    method: str
    total: int
    refunded: int
    code_id: UUID | None
    email: str
    expires_at: object
    lines: tuple["LineView", ...]
    refunds: tuple["RefundView", ...]
    attempts: tuple["AttemptView", ...]

    @property
    def is_open(self) -> bool:
        return self.status == "pending"

    @property
    def good(self) -> int:
        return sum(line.valid + line.used for line in self.lines)

    @property
    def open_refund(self) -> "RefundView | None":
        return next((one for one in self.refunds if one.status in {"due", "pending"}), None)


class LineView(NamedTuple):
    """So many tickets of a type, at what each was paid with, and how many of them are good."""

    id: UUID
    kind_id: UUID
    quantity: int
    unit: int
    valid: int
    used: int


class AttemptView(NamedTuple):
    id: UUID
    status: str
    has_reference: bool


class RefundView(NamedTuple):
    id: UUID
    status: str
    amount: int
    parts: tuple[tuple[UUID, int], ...]


class CartView(NamedTuple):
    id: UUID
    event_id: UUID
    status: str
    total: int
    code_id: UUID | None
    expires_at: object
    lines: tuple[tuple[UUID, int], ...]


class PoolView(NamedTuple):
    capacity: int
    held: int
    sold: int

    @property
    def free(self) -> int:
        return self.capacity - self.held - self.sold


class EventView(NamedTuple):
    status: str
    is_wound_up: bool


class View(NamedTuple):
    """Everything at one moment, by id; `digest` is of all rows there are."""

    orders: dict[UUID, OrderView]
    carts: dict[UUID, CartView]
    pools: dict[UUID, PoolView]
    events: dict[UUID, EventView]
    drawn: dict[UUID, tuple[UUID, ...]]
    """The pools behind each ticket type."""
    codes: dict[UUID, UUID]
    """The pool of each code."""
    digest: str


_ORDERS = """
SELECT o.id, o.event_id, o.cart_id, o.customer_id, o.status, o.payment_status, o.cancel_reason, a.status AS approval, o.payment_method, o.total,
       o.refunded_amount, o.discount_id, o.customer ->> 'email' AS email, o.expires_at
FROM orders o LEFT JOIN approvals a ON a.organization_id = $1 AND a.order_id = o.id
WHERE o.organization_id = $1 ORDER BY o.id
"""

_LINES = """
SELECT i.order_id, i.id, i.ticket_type_id, i.quantity,
       i.unit_price - i.unit_discount + i.unit_fee + CASE WHEN i.tax_included THEN 0 ELSE i.unit_tax END,
       count(t.id) FILTER (WHERE t.status = 'valid'), count(t.id) FILTER (WHERE t.status = 'used')
FROM order_items i LEFT JOIN tickets t ON t.organization_id = $1 AND t.order_item_id = i.id
WHERE i.organization_id = $1 GROUP BY i.organization_id, i.id ORDER BY i.id
"""

_REFUNDS = """
SELECT r.order_id, r.id, r.status, r.amount, l.order_item_id, l.quantity
FROM refunds r LEFT JOIN refund_lines l ON l.organization_id = $1 AND l.refund_id = r.id
WHERE r.organization_id = $1 ORDER BY r.id, l.order_item_id
"""

_ATTEMPTS = """
SELECT order_id, id, status, reference IS NOT NULL FROM payment_attempts WHERE organization_id = $1 ORDER BY id
"""

_CARTS = """
SELECT c.id, c.event_id, c.status, c.total, c.discount_id, c.expires_at,
       array_agg(i.ticket_type_id ORDER BY i.ticket_type_id), array_agg(i.quantity ORDER BY i.ticket_type_id)
FROM carts c LEFT JOIN cart_items i ON i.organization_id = $1 AND i.cart_id = c.id
WHERE c.organization_id = $1 GROUP BY c.organization_id, c.id ORDER BY c.id
"""

_TABLES = (
    "approvals", "cart_items", "carts", "discount_uses", "discounts", "events", "facts", "ledger_transfers", "order_items", "orders",
    "payment_attempts", "pools", "refund_lines", "refunds", "scans", "ticket_types", "tickets", "transactions",
)  # fmt: skip
_DIGEST = "SELECT md5(concat({}))".format(
    ", ".join(
        f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t WHERE organization_id = $1)"
        for table in _TABLES
    )
)


async def look(connection: Connection, organization_id: UUID) -> View:
    """Everything, in a transaction that sees one moment."""
    lines: dict[UUID, list[LineView]] = {}
    for order_id, *line in await connection.fetch(_LINES, organization_id):
        lines.setdefault(order_id, []).append(LineView(*line))
    attempts: dict[UUID, list[AttemptView]] = {}
    for order_id, *attempt in await connection.fetch(_ATTEMPTS, organization_id):
        attempts.setdefault(order_id, []).append(AttemptView(*attempt))
    refunds = await _refunds(connection, organization_id)
    orders = {
        row[0]: OrderView(*row, *(tuple(found.get(row[0], ())) for found in (lines, refunds, attempts)))
        for row in await connection.fetch(_ORDERS, organization_id)
    }
    carts = {
        row[0]: CartView(*list(row)[:6], tuple(pair for pair in zip(row[6], row[7], strict=True) if pair[0]))
        for row in await connection.fetch(_CARTS, organization_id)
    }
    pools = await connection.fetch(
        "SELECT id, capacity, held, sold FROM pools WHERE organization_id = $1", organization_id
    )
    events = await connection.fetch(
        "SELECT id, status, wound_up_at IS NOT NULL FROM events WHERE organization_id = $1", organization_id
    )
    drawn = await connection.fetch(
        "SELECT ticket_type_id, array_agg(pool_id ORDER BY pool_id) FROM ticket_type_pools WHERE organization_id = $1"
        " GROUP BY ticket_type_id",
        organization_id,
    )
    codes = await connection.fetch(
        "SELECT id, pool_id FROM discounts WHERE organization_id = $1", organization_id
    )
    return View(
        orders,
        carts,
        {row[0]: PoolView(*list(row)[1:]) for row in pools},
        {row[0]: EventView(*list(row)[1:]) for row in events},
        {row[0]: tuple(row[1]) for row in drawn},
        {row[0]: row[1] for row in codes},
        await connection.fetchval(_DIGEST, organization_id),
    )


async def _refunds(connection: Connection, organization_id: UUID) -> dict[UUID, list[RefundView]]:
    parts: dict[tuple[UUID, UUID, str, int], list[tuple[UUID, int]]] = {}
    for order_id, refund_id, status, amount, item_id, quantity in await connection.fetch(
        _REFUNDS, organization_id
    ):
        found = parts.setdefault((order_id, refund_id, status, amount), [])
        if item_id is not None:
            found.append((item_id, quantity))
    refunds: dict[UUID, list[RefundView]] = {}
    for (order_id, *refund), lines in parts.items():
        refunds.setdefault(order_id, []).append(RefundView(*refund, tuple(lines)))
    return refunds


Thing = TypeVar("Thing", OrderView, CartView, EventView)


def changed(
    before: dict[UUID, Thing], after: dict[UUID, Thing]
) -> dict[UUID, tuple[Thing | None, Thing | None]]:
    """Everything that came, went or changed, before and after."""
    ids = dict.fromkeys([*before, *after])
    return {one: (before.get(one), after.get(one)) for one in ids if before.get(one) != after.get(one)}


__all__ = [
    "AttemptView",
    "CartView",
    "EventView",
    "LineView",
    "OrderView",
    "PoolView",
    "RefundView",
    "View",
    "changed",
    "look",
]
