-- The yardstick: one cart of two free tickets becomes an order, as one pipelined transaction on the same tables behind the same
-- policies, with everything the desk writes. The rows everybody wants come last. pgbench would read a colon as a variable.
\startpipeline
BEGIN;
SET LOCAL app.organization_id = :organization;
SELECT 1 FROM carts
WHERE organization_id = :organization::uuid
  AND id = (SELECT ('01890000-0000-7000-8000-' || lpad(to_hex(nextval('bench_carts')), 12, '0'))::uuid)
FOR NO KEY UPDATE;
WITH cart AS (
  SELECT id, event_id, 'yard-' || currval('bench_carts') || '@example.org' AS address FROM carts
  WHERE organization_id = :organization::uuid AND status = 'active'
    AND id = (SELECT ('01890000-0000-7000-8000-' || lpad(to_hex(currval('bench_carts')), 12, '0'))::uuid)
), buyer AS (
  INSERT INTO customers (organization_id, id, email, email_key, first_name, last_name)
  SELECT :organization::uuid, uuidv7(), address, address, 'Ada', 'Byron' FROM cart
  ON CONFLICT (organization_id, email_key) WHERE erased_at IS NULL DO NOTHING
  RETURNING id
), placed AS (
  INSERT INTO orders (organization_id, id, event_id, cart_id, customer_id, order_number, customer, currency, subtotal, fees, total,
                      status, payment_method, payment_status)
  SELECT :organization::uuid, uuidv7(), event_id, cart.id, buyer.id, 'Y' || lpad(upper(to_hex(currval('bench_carts'))), 7, '0'),
         jsonb_build_object('email', address, 'firstName', 'Ada', 'lastName', 'Byron'), 'EUR', 0, 0, 0, 'confirmed', 'free', 'paid'
  FROM cart, buyer
  RETURNING id, event_id
), line AS (
  INSERT INTO order_items (organization_id, id, event_id, order_id, ticket_type_id, name, quantity, unit_price, unit_fee, subtotal)
  SELECT :organization::uuid, uuidv7(), event_id, id, :type::uuid, 'Free', 2, 0, 0, 0 FROM placed
  RETURNING id, order_id, event_id
), issued AS (
  INSERT INTO tickets (organization_id, id, event_id, ticket_type_id, order_id, order_item_id, code)
  SELECT :organization::uuid, uuidv7(), event_id, :type::uuid, order_id, id, upper(left(replace(gen_random_uuid()::text, '-', ''), 16))
  FROM line, generate_series(1, 2)
), fact AS (
  INSERT INTO facts (organization_id, id, type, subject_id, actor_kind, body)
  SELECT :organization::uuid, uuidv7(), 'order.confirmed', id, 'visitor', jsonb_build_object('orderId', id, 'eventId', event_id)
  FROM placed
  RETURNING id
)
INSERT INTO jobs.pgqueuer (priority, status, headers, entrypoint, dedupe_key, payload)
SELECT 0, 'queued', '{}', 'react' || chr(58) || reaction, id || ':' || reaction, uuid_send(id) FROM fact, unnest(:reactions::text[]) AS reaction;
UPDATE carts SET status = 'converted', updated_at = foyer_now()
WHERE organization_id = :organization::uuid
  AND id = (SELECT ('01890000-0000-7000-8000-' || lpad(to_hex(currval('bench_carts')), 12, '0'))::uuid);
UPDATE pools SET held = held - 2, sold = sold + 2 WHERE organization_id = :organization::uuid AND id = :pool_1::uuid;
UPDATE pools SET held = held - 2, sold = sold + 2 WHERE organization_id = :organization::uuid AND id = :pool_2::uuid;
COMMIT;
\endpipeline
