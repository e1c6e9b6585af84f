"""Checks of what was bought: sums beside lines, tickets beside lines, carts beside orders."""

from typing import Final

from foyer.domains.checkout.queries.check import Check

_SHOWN = "format('%s - %s + %s + %s = %s', {0}subtotal, {0}discount_amount, {0}fees, {0}taxes, {0}total)"


def _sums(whole: str, lines: str, key: str) -> str:
    """Sums of carts or of orders beside those of their lines."""
    return f"""
WITH added AS (
  SELECT {key} AS id, sum(quantity * unit_price) AS subtotal, sum(quantity * unit_discount) AS discount_amount,
         sum(quantity * unit_fee) AS fees, sum(CASE WHEN tax_included THEN 0 ELSE quantity * unit_tax END) AS taxes
  FROM {lines} WHERE organization_id = $1 GROUP BY {key}
), lined AS (
  SELECT w.id, w.subtotal, w.discount_amount, w.fees, w.taxes, w.total, coalesce(a.subtotal, 0) AS line_subtotal,
         coalesce(a.discount_amount, 0) AS line_discount_amount, coalesce(a.fees, 0) AS line_fees,
         coalesce(a.taxes, 0) AS line_taxes,
         coalesce(a.subtotal - a.discount_amount + a.fees + a.taxes, 0) AS line_total
  FROM {whole} w LEFT JOIN added a ON a.id = w.id WHERE w.organization_id = $1
)
SELECT id, {_SHOWN.format("line_")}, {_SHOWN.format("")} FROM lined
WHERE (subtotal, discount_amount, fees, taxes, total)
  IS DISTINCT FROM (line_subtotal, line_discount_amount, line_fees, line_taxes, line_total)
"""  # noqa: S608 - names of our own tables


_EMPTY = """
SELECT o.id, 'one line or more', 'none' FROM orders o
WHERE o.organization_id = $1 AND NOT EXISTS (
  SELECT FROM order_items i WHERE i.organization_id = o.organization_id AND i.order_id = o.id)
"""

_TICKETS = """
WITH issued AS (
  SELECT order_item_id, count(*) AS tickets, count(*) FILTER (WHERE status IN ('valid', 'used')) AS good FROM tickets
  WHERE organization_id = $1 GROUP BY order_item_id
), gone AS (
  SELECT l.order_item_id, sum(l.quantity) AS tickets FROM refunds r
  JOIN refund_lines l ON l.organization_id = r.organization_id AND l.refund_id = r.id
  WHERE r.organization_id = $1 AND r.status = 'completed' GROUP BY l.order_item_id
), lined AS (
  SELECT i.id, o.status,
         CASE WHEN o.status IN ('pending', 'cancelled') THEN 0 ELSE i.quantity - coalesce(gone.tickets, 0) END AS wanted,
         CASE WHEN o.status = 'pending' THEN coalesce(issued.tickets, 0) ELSE coalesce(issued.good, 0) END AS standing
  FROM order_items i
  JOIN orders o ON o.organization_id = i.organization_id AND o.id = i.order_id
  LEFT JOIN issued ON issued.order_item_id = i.id
  LEFT JOIN gone ON gone.order_item_id = i.id
  WHERE i.organization_id = $1 AND i.type = 'ticket'
)
SELECT id, format('%s, the order is %s', wanted, status), standing::text FROM lined WHERE wanted <> standing
"""

_ASTRAY = """
SELECT t.id, format('order %s, type %s', i.order_id, i.ticket_type_id), format('order %s, type %s', t.order_id, t.ticket_type_id)
FROM tickets t JOIN order_items i ON i.organization_id = t.organization_id AND i.id = t.order_item_id
WHERE t.organization_id = $1 AND (t.order_id <> i.order_id OR t.ticket_type_id IS DISTINCT FROM i.ticket_type_id)
"""

_CONVERTED = """
SELECT c.id, CASE WHEN o.id IS NULL THEN 'not converted: no order' ELSE format('converted: order %s', o.id) END, c.status
FROM carts c LEFT JOIN orders o ON o.organization_id = c.organization_id AND o.cart_id = c.id
WHERE c.organization_id = $1 AND (c.status = 'converted') <> (o.id IS NOT NULL)
"""

LINES: Final = (
    Check(
        "order sums",
        "order",
        "An order has other sums (subtotal - discount + fees + taxes = total) than its lines come to: the buyer is asked for, or"
        " was asked for, a wrong amount.",
        _sums("orders", "order_items", "order_id"),
    ),
    Check(
        "cart sums",
        "cart",
        "A cart has other sums (subtotal - discount + fees + taxes = total) than its lines come to: its order will ask for a"
        " wrong amount.",
        _sums("carts", "cart_items", "cart_id"),
    ),
    Check(
        "order lines",
        "order",
        "An order has no lines, so nobody can say what was bought; look for what deleted them.",
        _EMPTY,
    ),
    Check(
        "tickets",
        "order line",
        "A line of an order has more or fewer good tickets than were bought and not refunded: somebody stands at the door without"
        " one, or two come with one payment.",
        _TICKETS,
    ),
    Check(
        "tickets astray",
        "ticket",
        "A ticket says another order or another type than the line it was bought with.",
        _ASTRAY,
    ),
    Check(
        "converted carts",
        "cart",
        "A cart counts as converted and has no order, or has an order and does not count as converted: its places may be given"
        " away twice or never.",
        _CONVERTED,
    ),
)
