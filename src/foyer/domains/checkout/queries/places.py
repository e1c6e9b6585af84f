"""Checks of places: what pools count beside what was taken from them."""

from typing import Final

from foyer.domains.checkout.queries.check import Check

_HELD = """
WITH holding AS (
  SELECT d.pool_id, lines.quantity
  FROM (
    SELECT i.ticket_type_id, i.quantity FROM carts c
    JOIN cart_items i ON i.organization_id = c.organization_id AND i.cart_id = c.id
    WHERE c.organization_id = $1 AND c.status = 'active'
    UNION ALL
    SELECT i.ticket_type_id, i.quantity FROM orders o
    JOIN order_items i ON i.organization_id = o.organization_id AND i.order_id = o.id
    WHERE o.organization_id = $1 AND o.status = 'pending'
  ) lines
  JOIN ticket_type_pools d ON d.organization_id = $1 AND d.ticket_type_id = lines.ticket_type_id
  UNION ALL
  SELECT k.pool_id, 1 FROM (
    SELECT discount_id FROM carts WHERE organization_id = $1 AND status = 'active'
    UNION ALL
    SELECT discount_id FROM orders WHERE organization_id = $1 AND status = 'pending'
  ) coded
  JOIN discounts k ON k.organization_id = $1 AND k.id = coded.discount_id
), wanted AS (
  SELECT pool_id, sum(quantity) AS places FROM holding GROUP BY pool_id
)
SELECT p.id, coalesce(w.places, 0)::text, p.held::text
FROM pools p LEFT JOIN wanted w ON w.pool_id = p.id
WHERE p.organization_id = $1 AND p.held <> coalesce(w.places, 0)
"""

_SOLD = """
WITH issued AS (
  SELECT ticket_type_id, count(*) AS places FROM tickets
  WHERE organization_id = $1 AND status IN ('valid', 'used') GROUP BY ticket_type_id
), taken AS (
  SELECT d.pool_id, issued.places FROM issued
  JOIN ticket_type_pools d ON d.organization_id = $1 AND d.ticket_type_id = issued.ticket_type_id
  UNION ALL
  SELECT k.pool_id, count(*) FROM orders o
  JOIN discounts k ON k.organization_id = o.organization_id AND k.id = o.discount_id
  WHERE o.organization_id = $1 AND o.status IN ('confirmed', 'partial_refund') GROUP BY k.pool_id
), wanted AS (
  SELECT pool_id, sum(places) AS places FROM taken GROUP BY pool_id
)
SELECT p.id, coalesce(w.places, 0)::text, p.sold::text
FROM pools p LEFT JOIN wanted w ON w.pool_id = p.id
WHERE p.organization_id = $1 AND p.sold <> coalesce(w.places, 0)
"""

_OVERSOLD = """
SELECT id, format('at most %s taken', capacity), format('%s held and %s sold', held, sold) FROM pools
WHERE organization_id = $1 AND held::bigint + sold > capacity
"""

# Addresses are told apart as `email_key` does; those that SQL cannot fold so are counted together. A buyer who was erased
# leaves uses behind that no order names, some of them under an address that is somebody else's now.
_USES = """
WITH bought AS (
  SELECT o.discount_id, o.status IN ('pending', 'confirmed', 'partial_refund') AS is_standing, c.erased_at IS NOT NULL AS is_erased,
         lower(replace(replace(normalize(o.customer ->> 'email', NFKC), 'ß', 'ss'), 'ẞ', 'ss')) AS buyer
  FROM orders o JOIN customers c ON c.organization_id = o.organization_id AND c.id = o.customer_id
  WHERE o.organization_id = $1 AND o.discount_id IS NOT NULL
), counted AS (
  SELECT discount_id, CASE WHEN buyer ~ '^[ -~]*$' THEN buyer ELSE 'others' END AS buyer, count(*) AS uses
  FROM bought WHERE is_standing AND NOT is_erased GROUP BY 1, 2
), standing AS (
  SELECT discount_id, CASE WHEN email_key ~ '^[ -~]*$' THEN email_key ELSE 'others' END AS buyer, sum(uses) AS uses
  FROM discount_uses WHERE organization_id = $1 AND email_key NOT LIKE 'erased:%' GROUP BY 1, 2
)
SELECT discount_id, format('%s by %s', coalesce(c.uses, 0), buyer), coalesce(s.uses, 0)::text
FROM counted c FULL JOIN standing s USING (discount_id, buyer)
WHERE coalesce(c.uses, 0) > coalesce(s.uses, 0) OR coalesce(s.uses, 0) - coalesce(c.uses, 0) > (
  SELECT count(*) FROM bought WHERE bought.discount_id = s.discount_id AND bought.is_erased)
"""
PLACES: Final = (
    Check(
        "held places",
        "pool",
        "A pool counts other places, or uses of a code, as held than active carts and pending orders hold: buyers are told that"
        " more or fewer are left than there are.",
        _HELD,
    ),
    Check(
        "sold places",
        "pool",
        "A pool counts other places as sold than there are good tickets, or other uses of a code than orders that stand: the"
        " event fills up too early or too late.",
        _SOLD,
    ),
    Check(
        "oversold",
        "pool",
        "More places are held and sold than there are, which the database has to refuse: see whether a constraint of the table"
        " `pools` is missing, and stop selling this event until it is back.",
        _OVERSOLD,
    ),
    Check(
        "uses of codes",
        "discount",
        "A buyer is counted to have used a code more or less often than their orders say: they are refused it too early, or may"
        " use it once too often.",
        _USES,
    ),
)
