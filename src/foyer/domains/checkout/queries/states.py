"""Checks of states: which ones orders, payments, approvals and events can be in together."""

from typing import Final

from foyer.domains.checkout.queries.check import Check

_STATES = """
WITH told AS (
  SELECT id, status, payment_status,
         CASE refunded_amount WHEN 0 THEN 'nothing' WHEN total THEN 'all' ELSE 'a part' END AS back
  FROM orders WHERE organization_id = $1
)
SELECT id, 'a state that an order can get into', format('%s, payment %s, %s refunded', status, payment_status, back)
FROM told
WHERE (status, payment_status, back) NOT IN (
  ('pending', 'pending', 'nothing'),
  ('confirmed', 'paid', 'nothing'),
  ('cancelled', 'failed', 'nothing'),
  ('cancelled', 'paid', 'nothing'),
  ('cancelled', 'partial_refund', 'a part'),
  ('cancelled', 'refunded', 'all'),
  ('partial_refund', 'partial_refund', 'a part'),
  ('partial_refund', 'refunded', 'all'),
  ('refunded', 'refunded', 'all'))
"""

_APPROVALS = """
SELECT o.id,
       CASE a.status WHEN 'requested' THEN 'pending' WHEN 'refused' THEN 'cancelled: refused' WHEN 'lapsed' THEN 'cancelled'
         WHEN 'approved' THEN 'not refused' ELSE 'neither refused nor free and pending' END,
       concat_ws(': ', o.status, o.cancel_reason)
FROM orders o LEFT JOIN approvals a ON a.organization_id = o.organization_id AND a.order_id = o.id
WHERE o.organization_id = $1 AND (
  (o.status <> 'pending' AND a.status = 'requested')
  OR (o.status <> 'cancelled' AND a.status = 'lapsed')
  OR (o.cancel_reason IS NOT DISTINCT FROM 'refused') <> (a.status IS NOT DISTINCT FROM 'refused')
  OR (o.status = 'pending' AND o.total = 0 AND a.status IS DISTINCT FROM 'requested'))
"""

_WOUND_UP = """
WITH over AS (
  SELECT e.id, e.status,
    (SELECT count(*) FROM carts c
     WHERE c.organization_id = e.organization_id AND c.event_id = e.id AND c.status = 'active') AS carts,
    (SELECT count(*) FROM orders o
     WHERE o.organization_id = e.organization_id AND o.event_id = e.id AND o.status = 'pending') AS waiting,
    (SELECT count(*) FROM orders o
     WHERE o.organization_id = e.organization_id AND o.event_id = e.id AND o.status IN ('confirmed', 'partial_refund')
       AND o.total > o.refunded_amount AND NOT EXISTS (
         SELECT FROM refunds r WHERE r.organization_id = o.organization_id AND r.order_id = o.id
           AND r.status <> 'completed')) AS paid
  FROM events e WHERE e.organization_id = $1 AND e.wound_up_at IS NOT NULL
)
SELECT id, 'cancelled, and nothing open',
       format('%s, %s active carts, %s pending orders, %s paid orders without a refund', status, carts, waiting, paid)
FROM over WHERE status <> 'cancelled' OR carts + waiting + paid > 0
"""

STATES: Final = (
    Check(
        "states of orders",
        "order",
        "An order and its payment are in states that no order gets into: what may be done with it is decided by them.",
        _STATES,
    ),
    Check(
        "approvals",
        "order",
        "An order is in a state that does not go with the organizer's word on it, or waits for nothing at all.",
        _APPROVALS,
    ),
    Check(
        "cancelled events",
        "event",
        "An event counts as wound up, and carts, orders or payments of it are still open: nobody looks at them any more.",
        _WOUND_UP,
    ),
)
