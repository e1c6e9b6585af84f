-- The yardstick: one reserve of two places, as one pipelined transaction on the same tables behind the same policies.
-- The row everybody wants comes last, which is the best that a transaction for each buyer can do.
\startpipeline
BEGIN;
SET LOCAL app.organization_id = :organization;
WITH cart AS (
  INSERT INTO carts (organization_id, id, event_id, session_id, currency, subtotal, fees, total, created_at, updated_at, expires_at)
  SELECT :organization::uuid, id, :event::uuid, id::text, 'EUR', 0, 0, 0, at, at, at + interval '15 minutes'
  FROM (SELECT uuidv7() AS id, foyer_now() AS at) AS new
  RETURNING organization_id, id, event_id
)
INSERT INTO cart_items (organization_id, id, event_id, cart_id, ticket_type_id, name, quantity, unit_price, unit_fee, subtotal)
SELECT organization_id, uuidv7(), event_id, id, :type::uuid, 'Free', 2, 0, 0, 0 FROM cart;
UPDATE pools SET held = held + 2 WHERE organization_id = :organization::uuid AND id = :pool_1::uuid;
UPDATE pools SET held = held + 2 WHERE organization_id = :organization::uuid AND id = :pool_2::uuid;
COMMIT;
\endpipeline
