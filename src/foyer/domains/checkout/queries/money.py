"""Checks of money: what orders say was paid and given back beside attempts, refunds and transactions."""

from typing import Final

from foyer.domains.checkout.queries.check import Check

_PAID = """
WITH bought AS (
  SELECT order_id, count(*) AS purchases, sum(amount) AS amount FROM transactions
  WHERE organization_id = $1 AND type = 'purchase' AND status = 'completed' GROUP BY order_id
), told AS (
  SELECT o.id, o.total, o.total > 0 AND o.payment_status IN ('paid', 'partial_refund', 'refunded') AS is_paid,
         coalesce(b.purchases, 0) AS purchases, coalesce(b.amount, 0) AS amount
  FROM orders o LEFT JOIN bought b ON b.order_id = o.id WHERE o.organization_id = $1
)
SELECT id, CASE WHEN is_paid THEN format('one purchase of %s', total) ELSE 'no purchase' END,
       format('%s purchases of %s together', purchases, amount)
FROM told
WHERE (purchases, amount) IS DISTINCT FROM (is_paid::int, CASE WHEN is_paid THEN total ELSE 0 END)
"""

_ATTEMPTS = """
WITH tried AS (
  SELECT order_id, count(*) AS attempts, count(*) FILTER (WHERE status = 'succeeded') AS succeeded,
         count(*) FILTER (WHERE status IN ('created', 'pending')) AS live
  FROM payment_attempts WHERE organization_id = $1 GROUP BY order_id
), told AS (
  SELECT o.id, o.status, o.payment_status, coalesce(t.attempts, 0) AS attempts, coalesce(t.live, 0) AS live,
         coalesce(t.succeeded, 0) AS succeeded,
         o.total > 0 AND o.payment_status IN ('paid', 'partial_refund', 'refunded') AS is_paid,
         o.total > 0 AND o.status = 'pending' AND a.status IS DISTINCT FROM 'requested' AS is_awaited
  FROM orders o
  LEFT JOIN tried t ON t.order_id = o.id
  LEFT JOIN approvals a ON a.organization_id = o.organization_id AND a.order_id = o.id
  WHERE o.organization_id = $1
)
SELECT id, CASE WHEN is_paid THEN 'one that succeeded, none that waits' WHEN is_awaited THEN 'one or more, none that succeeded'
                ELSE 'none that succeeded or waits' END,
       format('%s, of which %s succeeded and %s wait', attempts, succeeded, live)
FROM told
WHERE succeeded <> is_paid::int OR (live > 0 AND NOT is_awaited) OR (attempts = 0 AND is_awaited)
"""

_TERMS = """
SELECT t.id, format('%s %s by %s', o.total, o.currency, o.payment_method), format('%s %s by %s', t.amount, t.currency, t.provider)
FROM payment_attempts t JOIN orders o ON o.organization_id = t.organization_id AND o.id = t.order_id
WHERE t.organization_id = $1 AND (t.amount, t.currency, t.provider) IS DISTINCT FROM (o.total, o.currency, o.payment_method)
"""

_REFUNDED = """
WITH back AS (
  SELECT order_id, sum(amount) AS amount FROM refunds
  WHERE organization_id = $1 AND status = 'completed' GROUP BY order_id
)
SELECT o.id, coalesce(b.amount, 0)::text, o.refunded_amount::text
FROM orders o LEFT JOIN back b ON b.order_id = o.id
WHERE o.organization_id = $1 AND o.refunded_amount <> coalesce(b.amount, 0)
"""

_RETURNS = """
WITH back AS (
  SELECT r.id, r.order_id, r.amount, r.currency, r.transaction_id FROM refunds r
  WHERE r.organization_id = $1 AND r.status = 'completed'
), moved AS (
  SELECT t.id, t.order_id, t.amount, t.currency FROM transactions t
  WHERE t.organization_id = $1 AND t.type = 'refund' AND t.status = 'completed'
)
SELECT coalesce(b.order_id, m.order_id),
       CASE WHEN b.id IS NULL THEN 'no transaction without a refund'
            ELSE format('refund %s: %s %s', b.id, b.amount, b.currency) END,
       CASE WHEN m.id IS NULL THEN 'no transaction'
            ELSE format('transaction %s: %s %s of order %s', m.id, m.amount, m.currency, m.order_id) END
FROM back b FULL JOIN moved m ON m.id = b.transaction_id
WHERE (b.order_id, b.amount, b.currency) IS DISTINCT FROM (m.order_id, m.amount, m.currency)
"""

_PARTS = """
WITH lined AS (
  SELECT refund_id, sum(amount) AS amount FROM refund_lines WHERE organization_id = $1 GROUP BY refund_id
)
SELECT r.id, coalesce(l.amount, 0)::text, r.amount::text
FROM refunds r
JOIN orders o ON o.organization_id = r.organization_id AND o.id = r.order_id
LEFT JOIN lined l ON l.refund_id = r.id
WHERE r.organization_id = $1 AND o.status <> 'cancelled' AND l.amount IS NOT NULL AND r.amount <> l.amount
  AND NOT (r.amount < l.amount AND EXISTS (
    SELECT FROM refunds g WHERE g.organization_id = $1 AND g.order_id = r.order_id AND g.id < r.id AND NOT EXISTS (
      SELECT FROM refund_lines b WHERE b.organization_id = $1 AND b.refund_id = g.id)))
"""

_UNITS = """
SELECT l.refund_id, format('%s for %s of line %s', u.amount, l.quantity, i.id), l.amount::text
FROM refund_lines l
JOIN order_items i ON i.organization_id = l.organization_id AND i.id = l.order_item_id
CROSS JOIN LATERAL (
  SELECT l.quantity * (i.unit_price - i.unit_discount + i.unit_fee + CASE WHEN i.tax_included THEN 0 ELSE i.unit_tax END) AS amount
) u
WHERE l.organization_id = $1 AND l.amount <> u.amount
"""

_BEYOND = """
WITH gone AS (
  SELECT l.order_item_id, sum(l.quantity) AS quantity FROM refunds r
  JOIN refund_lines l ON l.organization_id = r.organization_id AND l.refund_id = r.id
  WHERE r.organization_id = $1 AND r.status <> 'failed' GROUP BY l.order_item_id
)
SELECT i.id, format('at most %s', i.quantity), gone.quantity::text
FROM gone JOIN order_items i ON i.organization_id = $1 AND i.id = gone.order_item_id
WHERE gone.quantity > i.quantity
"""

_OPEN = """
SELECT r.id, format('at most %s, and the payment to be there', o.total - o.refunded_amount),
       format('%s, the payment is %s', r.amount, o.payment_status)
FROM refunds r JOIN orders o ON o.organization_id = r.organization_id AND o.id = r.order_id
WHERE r.organization_id = $1 AND r.status IN ('due', 'pending')
  AND (r.amount > o.total - o.refunded_amount OR o.payment_status NOT IN ('paid', 'partial_refund'))
"""

_KEPT = """
SELECT o.id, 'a refund', 'none' FROM orders o
WHERE o.organization_id = $1 AND o.status = 'cancelled' AND o.payment_status = 'paid' AND o.total > 0
  AND NOT EXISTS (SELECT FROM refunds r WHERE r.organization_id = o.organization_id AND r.order_id = o.id)
"""

_CURRENCIES = """
SELECT o.id, e.currency, o.currency FROM orders o
JOIN events e ON e.organization_id = o.organization_id AND e.id = o.event_id
WHERE o.organization_id = $1 AND o.currency <> e.currency
UNION ALL
SELECT c.id, e.currency, c.currency FROM carts c
JOIN events e ON e.organization_id = c.organization_id AND e.id = c.event_id
WHERE c.organization_id = $1 AND c.currency <> e.currency
UNION ALL
SELECT t.order_id, o.currency, t.currency FROM transactions t
JOIN orders o ON o.organization_id = t.organization_id AND o.id = t.order_id
WHERE t.organization_id = $1 AND t.currency <> o.currency
UNION ALL
SELECT r.order_id, o.currency, r.currency FROM refunds r
JOIN orders o ON o.organization_id = r.organization_id AND o.id = r.order_id
WHERE r.organization_id = $1 AND r.currency <> o.currency
"""

MONEY: Final = (
    Check(
        "purchases",
        "order",
        "An order that is paid has not exactly one purchase of its total, or one that is not paid, or free, has one: the buyer"
        " has paid too often, or has tickets for nothing.",
        _PAID,
    ),
    Check(
        "attempts",
        "order",
        "The attempts to have an order paid do not go with what the order says: it cannot be paid any more, or can be paid"
        " although nothing is owed.",
        _ATTEMPTS,
    ),
    Check(
        "terms of attempts",
        "attempt",
        "An attempt asks the buyer for another amount, in another currency or by another method than the order.",
        _TERMS,
    ),
    Check(
        "refunded amount",
        "order",
        "An order says that another amount went back than its completed refunds come to.",
        _REFUNDED,
    ),
    Check(
        "refund transactions",
        "order",
        "A completed refund and the transaction that carried it out do not say the same, or there is only one of both: money went"
        " back unseen, or is believed to be back and is not.",
        _RETURNS,
    ),
    Check(
        "refund lines",
        "refund",
        "The lines of a refund come to another amount than the refund: the wrong tickets end, or the wrong amount goes back.",
        _PARTS,
    ),
    Check(
        "refund prices",
        "refund",
        "A line of a refund gives back another amount for its tickets than was paid for them.",
        _UNITS,
    ),
    Check(
        "refund quantities",
        "order line",
        "More tickets of a line are refunded, or about to be, than were bought.",
        _BEYOND,
    ),
    Check(
        "open refunds",
        "refund",
        "A refund that is due or under way would give back more than is left of the payment: stop it at the provider if you can.",
        _OPEN,
    ),
    Check(
        "money kept",
        "order",
        "A payment came for an order that is cancelled, and no refund was begun: the buyer waits for the money. Refund the order.",
        _KEPT,
    ),
    Check(
        "currencies",
        "order or cart",
        "An order or a cart is in another currency than its event, or money of an order moved in another currency.",
        _CURRENCIES,
    ),
)
