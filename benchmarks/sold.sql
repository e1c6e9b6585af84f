-- Orders of two free tickets each, as the checkout desk would have left them: {orders} (an expression of e, the event) for
-- each event in {events}.

CREATE TEMP TABLE bought ON COMMIT DROP AS
SELECT e.organization_id, e.id AS event_id, t.id AS type_id, nextval('bench_orders') AS number, uuidv7(-interval '1 day') AS cart_id,
       uuidv7(-interval '1 day') AS order_id, uuidv7(-interval '1 day') AS line_id, uuidv7(-interval '1 day') AS customer_id,
       foyer_now() - interval '1 day' AS at
FROM events e
JOIN ticket_types t ON t.organization_id = e.organization_id AND t.event_id = e.id
CROSS JOIN LATERAL generate_series(1, {orders}) AS n
WHERE e.organization_id = '{organization}' AND e.id = ANY('{{{events}}}');

ANALYZE bought;

INSERT INTO customers (organization_id, id, email, email_key, first_name, last_name)
SELECT organization_id, customer_id, address, address, 'Ada', 'Guest ' || number
FROM bought, LATERAL (SELECT 'past-' || number || '@example.org' AS address) AS named;

INSERT INTO carts (organization_id, id, event_id, session_id, status, customer_id, currency, subtotal, fees, total, created_at,
                   updated_at, expires_at)
SELECT organization_id, cart_id, event_id, 'past ' || number, 'converted', customer_id, 'EUR', 0, 0, 0, at, at, at + interval '15 minutes'
FROM bought;

INSERT INTO cart_items (organization_id, id, event_id, cart_id, ticket_type_id, name, quantity, unit_price, unit_fee, subtotal)
SELECT organization_id, uuidv7(-interval '1 day'), event_id, cart_id, type_id, 'Free', 2, 0, 0, 0 FROM bought;

INSERT INTO orders (organization_id, id, event_id, cart_id, customer_id, order_number, customer, currency, subtotal, fees, total, status,
                    payment_method, payment_status, created_at, updated_at)
SELECT organization_id, order_id, event_id, cart_id, customer_id, 'P' || lpad(upper(to_hex(number * 2654435761 % (1 << 28))), 7, '0'),
       jsonb_build_object('email', 'past-' || number || '@example.org', 'firstName', 'Ada', 'lastName', 'Guest ' || number), 'EUR',
       0, 0, 0, 'confirmed', 'free', 'paid', at, at
FROM bought;

INSERT INTO order_items (organization_id, id, event_id, order_id, ticket_type_id, name, quantity, unit_price, unit_fee, subtotal)
SELECT organization_id, line_id, event_id, order_id, type_id, 'Free', 2, 0, 0, 0 FROM bought;

INSERT INTO tickets (organization_id, id, event_id, ticket_type_id, order_id, order_item_id, code, created_at, updated_at)
SELECT organization_id, uuidv7(-interval '1 day'), event_id, type_id, order_id, line_id,
       upper(left(replace(gen_random_uuid()::text, '-', ''), 16)), at, at
FROM bought, generate_series(1, 2);

UPDATE pools SET sold = sold + taken.places
FROM (
  SELECT d.pool_id, 2 * count(*) AS places
  FROM bought b JOIN ticket_type_pools d ON d.organization_id = b.organization_id AND d.ticket_type_id = b.type_id
  GROUP BY d.pool_id
) AS taken
WHERE pools.organization_id = '{organization}' AND pools.id = taken.pool_id
