-- The past of one organization, as the desks would have left it: {orders} orders for each of its events, two and a half
-- tickets in each, most of them paid by hand. One in twenty is partly refunded, one cancelled, one still waits.

CREATE TEMP TABLE past ON COMMIT DROP AS
SELECT g.organization_id, g.event_id, n, row_number() OVER (ORDER BY g.event_id, n) AS number, g.id AS gold, f.id AS free,
       g.pool_id AS gold_pool, f.pool_id AS free_pool, e.pool_id AS event_pool, u.id AS user_id,
       1 + n % 3 AS golds, n % 2 AS frees, gen_random_uuid() AS order_id, gen_random_uuid() AS cart_id,
       gen_random_uuid() AS gold_line, gen_random_uuid() AS free_line, gen_random_uuid() AS purchase_id,
       gen_random_uuid() AS refund_id, gen_random_uuid() AS return_id,
       CASE WHEN n % 20 = 0 AND n % 3 > 0 THEN 'partial_refund' WHEN n % 20 = 1 THEN 'cancelled' WHEN n % 20 = 2 THEN 'pending'
            ELSE 'confirmed' END AS status
FROM ticket_types g
JOIN ticket_types f ON f.organization_id = g.organization_id AND f.event_id = g.event_id AND f.name = 'Free'
JOIN events e ON e.organization_id = g.organization_id AND e.id = g.event_id
JOIN users u ON u.organization_id = g.organization_id
CROSS JOIN generate_series(1, {orders}) AS n
WHERE g.organization_id = '{organization}' AND g.name = 'Gold';

ANALYZE past;

INSERT INTO customers (organization_id, id, email, email_key)
SELECT '{organization}', gen_random_uuid(), address, address
FROM generate_series(0, 999) AS k, LATERAL (SELECT 'buyer-' || k || '@example.org' AS address) AS named;

CREATE TEMP TABLE buyer ON COMMIT DROP AS
SELECT id, email, row_number() OVER (ORDER BY id) - 1 AS k FROM customers WHERE organization_id = '{organization}';

INSERT INTO carts (organization_id, id, event_id, session_id, status, customer_id, currency, subtotal, fees, total, created_at, expires_at)
SELECT organization_id, cart_id, event_id, 'past ' || number, 'converted', b.id, 'EUR', golds * 1000, golds * 50, golds * 1050,
       foyer_now() - interval '1 day', foyer_now() - interval '1 day' + interval '15 minutes'
FROM past JOIN buyer b ON b.k = number % 1000;

INSERT INTO cart_items (organization_id, id, event_id, cart_id, ticket_type_id, name, quantity, unit_price, unit_fee, subtotal)
SELECT organization_id, gen_random_uuid(), event_id, cart_id, gold, 'Gold', golds, 1000, 50, golds * 1000 FROM past
UNION ALL
SELECT organization_id, gen_random_uuid(), event_id, cart_id, free, 'Free', frees, 0, 0, 0 FROM past WHERE frees > 0;

INSERT INTO orders (organization_id, id, event_id, cart_id, customer_id, order_number, customer, currency, subtotal, fees, total, status,
                    payment_method, payment_status, payment_id, refunded_amount, cancel_reason, expires_at)
SELECT organization_id, order_id, event_id, cart_id, b.id, lpad(upper(to_hex(number)), 8, '0'), jsonb_build_object('email', b.email),
       'EUR', golds * 1000, golds * 50, golds * 1050, status, 'manual',
       CASE status WHEN 'confirmed' THEN 'paid' WHEN 'cancelled' THEN 'failed' ELSE status END,
       CASE WHEN status IN ('confirmed', 'partial_refund') THEN order_id::text END,
       CASE status WHEN 'partial_refund' THEN 1050 ELSE 0 END, CASE status WHEN 'cancelled' THEN 'unpaid' END,
       CASE status WHEN 'pending' THEN foyer_now() + interval '7 days' END
FROM past JOIN buyer b ON b.k = number % 1000;

INSERT INTO order_items (organization_id, id, event_id, order_id, ticket_type_id, name, quantity, unit_price, unit_fee, subtotal)
SELECT organization_id, gold_line, event_id, order_id, gold, 'Gold', golds, 1000, 50, golds * 1000 FROM past
UNION ALL
SELECT organization_id, free_line, event_id, order_id, free, 'Free', frees, 0, 0, 0 FROM past WHERE frees > 0;

INSERT INTO tickets (organization_id, id, event_id, ticket_type_id, order_id, order_item_id, code, status)
SELECT organization_id, gen_random_uuid(), event_id, kind, order_id, line, lpad(upper(to_hex(number * 8 + place)), 16, '0'),
       CASE WHEN status = 'partial_refund' AND place = 1 THEN 'refunded' ELSE 'valid' END
FROM (
  SELECT past.*, gold AS kind, gold_line AS line, place FROM past, generate_series(1, golds) AS place
  UNION ALL
  SELECT past.*, free, free_line, 4 FROM past WHERE frees > 0
) bought WHERE status IN ('confirmed', 'partial_refund');

INSERT INTO payment_attempts (organization_id, id, event_id, order_id, provider, amount, currency, status)
SELECT organization_id, gen_random_uuid(), event_id, order_id, 'manual', golds * 1050, 'EUR',
       CASE status WHEN 'pending' THEN 'pending' WHEN 'cancelled' THEN 'cancelled' ELSE 'succeeded' END
FROM past;

INSERT INTO transactions (organization_id, id, order_id, user_id, type, amount, currency, payment_method, payment_intent_id, status, completed_at)
SELECT organization_id, purchase_id, order_id, user_id, 'purchase', golds * 1050, 'EUR', 'manual', order_id::text, 'completed', foyer_now()
FROM past WHERE status IN ('confirmed', 'partial_refund')
UNION ALL
SELECT organization_id, return_id, order_id, user_id, 'refund', 1050, 'EUR', 'manual', refund_id::text, 'completed', foyer_now()
FROM past WHERE status = 'partial_refund';

INSERT INTO refunds (organization_id, id, event_id, order_id, provider, amount, currency, status, transaction_id)
SELECT organization_id, refund_id, event_id, order_id, 'manual', 1050, 'EUR', 'completed', return_id FROM past WHERE status = 'partial_refund';

INSERT INTO refund_lines (organization_id, event_id, refund_id, order_item_id, quantity, amount)
SELECT organization_id, event_id, refund_id, gold_line, 1, 1050 FROM past WHERE status = 'partial_refund';

INSERT INTO ledger_accounts (organization_id, id, kind, currency)
SELECT '{organization}', gen_random_uuid(), kind, 'EUR'
FROM unnest('{{buyer_clearing,organizer_payable,refunds,payouts}}'::text[]) AS kind;

INSERT INTO ledger_transfers (organization_id, id, transaction_id, debit_account_id, credit_account_id, currency, amount)
SELECT t.organization_id, gen_random_uuid(), t.id, d.id, c.id, 'EUR', t.amount
FROM transactions t
JOIN (VALUES ('purchase', 'buyer_clearing', 'organizer_payable'), ('purchase', 'payouts', 'buyer_clearing'),
             ('refund', 'refunds', 'buyer_clearing'), ('refund', 'buyer_clearing', 'payouts')) AS rule (type, debit, credit)
  ON rule.type = t.type
JOIN ledger_accounts d ON d.organization_id = t.organization_id AND d.kind = rule.debit
JOIN ledger_accounts c ON c.organization_id = t.organization_id AND c.kind = rule.credit
WHERE t.organization_id = '{organization}';

UPDATE pools SET held = taken.held, sold = taken.sold
FROM (
  SELECT pool_id, sum(places) FILTER (WHERE status = 'pending') AS held,
         sum(places) FILTER (WHERE status IN ('confirmed', 'partial_refund')) AS sold
  FROM (
    SELECT gold_pool AS pool_id, status, golds - (status = 'partial_refund')::int AS places FROM past
    UNION ALL SELECT free_pool, status, frees FROM past
    UNION ALL SELECT event_pool, status, golds + frees - (status = 'partial_refund')::int FROM past
  ) drawn GROUP BY pool_id
) taken WHERE pools.organization_id = '{organization}' AND pools.id = taken.pool_id
