"""For each check of the audit the damages that it has to find: plain SQL, with names of `living.py` in braces.

Each is done with foreign keys switched off, so that nothing else keeps it away; `$1` is the organization.
"""

from typing import Final

HERE: Final = "organization_id = $1"
POOL: Final = f"(SELECT pool_id FROM ticket_types WHERE {HERE} AND id = '{{gold}}')"
CODE_POOL: Final = f"(SELECT pool_id FROM discounts WHERE {HERE} AND id = '{{code}}')"
A_TICKET: Final = (
    f"(SELECT id FROM tickets WHERE {HERE} AND order_id = '{{paid}}' AND ticket_type_id = '{{gold}}' LIMIT 1)"
)
A_LINE: Final = (
    f"(SELECT id FROM order_items WHERE {HERE} AND order_id = '{{paid}}' AND ticket_type_id = '{{gold}}')"
)
PURCHASE: Final = f"(SELECT id FROM transactions WHERE {HERE} AND order_id = '{{paid}}')"
THE_WHOLE: Final = f"(SELECT id FROM refunds WHERE {HERE} AND order_id = '{{whole}}')"
THE_OPEN: Final = f"(SELECT id FROM refunds WHERE {HERE} AND order_id = '{{back}}')"
A_REFUND: Final = (
    "INSERT INTO refunds (organization_id, id, event_id, order_id, provider, amount, currency, status)"
    " VALUES ($1, gen_random_uuid(), '{event}', '{gone}', 'manual', 5, 'EUR', 'due')"
)
ACCOUNT: Final = f"(SELECT id FROM ledger_accounts WHERE {HERE} AND currency = 'EUR' AND kind = '%s')"
DRAWN: Final = (
    f"{HERE} AND id IN (SELECT pool_id FROM ticket_type_pools WHERE {HERE} AND ticket_type_id = '{{gold}}')"
)


def ticket(status: str, order: str) -> str:
    """One more ticket of an order's first line."""
    return (
        "INSERT INTO tickets (organization_id, id, event_id, ticket_type_id, order_id, order_item_id, code, status)"
        f" SELECT $1, gen_random_uuid(), event_id, ticket_type_id, order_id, id, '0123456789ABCDEF', '{status}' FROM order_items"
        f" WHERE {HERE} AND order_id = '{{{order}}}' AND ticket_type_id = '{{gold}}'"
    )


def transaction(kind: str, status: str, order: str) -> str:
    return (
        "INSERT INTO transactions (organization_id, id, order_id, type, amount, currency, payment_method, status)"
        f" VALUES ($1, gen_random_uuid(), '{{{order}}}', '{kind}', 5, 'EUR', 'nobody', '{status}')"
    )


def transfer(credit: str, debit: str) -> str:
    """What moves the 5 of the transaction above."""
    return (
        "INSERT INTO ledger_transfers (organization_id, id, transaction_id, debit_account_id, credit_account_id, currency, amount)"
        f" SELECT $1, gen_random_uuid(), id, {ACCOUNT % debit}, {ACCOUNT % credit}, 'EUR', 5 FROM transactions"
        f" WHERE {HERE} AND payment_method = 'nobody'"
    )


def without_refunds(order: str) -> tuple[str, ...]:
    mine = f"(SELECT id FROM refunds WHERE {HERE} AND order_id = '{{{order}}}')"
    return (
        f"DELETE FROM refund_lines WHERE {HERE} AND refund_id IN {mine}",
        f"DELETE FROM refunds WHERE {HERE} AND order_id = '{{{order}}}'",
    )


PLACES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "held places": (
        (f"UPDATE pools SET held = held + 1 WHERE {HERE} AND id = {POOL}",),
        (f"UPDATE pools SET held = held - 1 WHERE {HERE} AND id = {CODE_POOL}",),
        (f"UPDATE cart_items SET quantity = 3 WHERE {HERE} AND cart_id = '{{free_cart}}'",),
    ),
    "sold places": (
        (f"UPDATE pools SET sold = sold - 1 WHERE {HERE} AND id = {POOL}",),
        (f"UPDATE pools SET sold = sold + 1 WHERE {HERE} AND id = {CODE_POOL}",),
    ),
    "oversold": (
        ("ALTER TABLE pools DROP CONSTRAINT ck_pools_never_oversold",
         f"UPDATE pools SET capacity = held + sold - 1 WHERE {HERE} AND id = {POOL}"),
    ),
    "uses of codes": (
        (f"UPDATE discount_uses SET uses = uses + 1 WHERE {HERE}",),
        (f"UPDATE discount_uses SET uses = uses - 1 WHERE {HERE} AND uses > 0",),
        (f"DELETE FROM discount_uses WHERE {HERE}",),
        ("INSERT INTO discount_uses (organization_id, discount_id, email_key, uses) VALUES ($1, '{code}', 'nobody@example.org', 1)",),
    ),
}  # fmt: skip

LINES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "order sums": (
        (f"UPDATE orders SET subtotal = subtotal + 1, fees = fees - 1 WHERE {HERE} AND id = '{{paid}}'",),
        (f"UPDATE order_items SET unit_fee = unit_fee + 1 WHERE {HERE} AND order_id = '{{slow}}'",),
    ),
    "cart sums": (
        (f"UPDATE carts SET discount_amount = discount_amount - 1, fees = fees - 1 WHERE {HERE} AND id = '{{coded_cart}}'",),
        (f"UPDATE carts SET subtotal = 7, total = 7 WHERE {HERE} AND id = '{{free_cart}}'",),
    ),
    "order lines": ((f"DELETE FROM order_items WHERE {HERE} AND order_id = '{{sorry}}'",),),
    "tickets": (
        (f"UPDATE tickets SET status = 'refunded' WHERE {HERE} AND id = {A_TICKET}", f"UPDATE pools SET sold = sold - 1 WHERE {DRAWN}"),
        (ticket("valid", "paid"), f"UPDATE pools SET sold = sold + 1 WHERE {DRAWN}"),
        (ticket("valid", "gone"), f"UPDATE pools SET sold = sold + 1 WHERE {DRAWN}"),
        (ticket("cancelled", "slow"),),
    ),
    "tickets astray": (
        (f"UPDATE tickets SET order_id = '{{slow}}' WHERE {HERE} AND id = {A_TICKET}",),
        (f"UPDATE tickets SET ticket_type_id = '{{last}}' WHERE {HERE} AND order_id = '{{whole}}'",),
    ),
    "converted carts": (
        (f"UPDATE carts SET status = 'expired' WHERE {HERE} AND status = 'converted'",),
        (f"UPDATE carts SET status = 'converted' WHERE {HERE} AND id = '{{left_cart}}'",),
    ),
}  # fmt: skip

MONEY: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "purchases": (
        (f"DELETE FROM ledger_transfers WHERE {HERE} AND transaction_id = {PURCHASE}",
         f"DELETE FROM transactions WHERE {HERE} AND order_id = '{{paid}}'"),
        (f"UPDATE ledger_transfers SET amount = amount + 1 WHERE {HERE} AND transaction_id = {PURCHASE}",
         f"UPDATE transactions SET amount = amount + 1 WHERE {HERE} AND order_id = '{{paid}}'"),
        (transaction("purchase", "completed", "free"), transfer("organizer_payable", "buyer_clearing")),
        (transaction("purchase", "completed", "paid"), transfer("organizer_payable", "buyer_clearing")),
    ),
    "attempts": (
        (f"DELETE FROM payment_attempts WHERE {HERE} AND order_id = '{{slow}}'",),
        (f"UPDATE payment_attempts SET status = 'failed' WHERE {HERE} AND order_id = '{{paid}}'",),
        (f"UPDATE payment_attempts SET status = 'created' WHERE {HERE} AND order_id = '{{gone}}'",),
        (f"UPDATE payment_attempts SET status = 'succeeded' WHERE {HERE} AND order_id = '{{slow}}'",),
    ),
    "terms of attempts": (
        (f"UPDATE payment_attempts SET amount = amount + 1 WHERE {HERE} AND order_id = '{{slow}}'",),
        (f"UPDATE orders SET payment_method = 'other' WHERE {HERE} AND id = '{{slow}}'",),
    ),
    "refunded amount": ((f"UPDATE orders SET refunded_amount = refunded_amount - 1 WHERE {HERE} AND id = '{{part}}'",),),
    "refund transactions": (
        (f"UPDATE refunds SET transaction_id = {PURCHASE} WHERE {HERE} AND order_id = '{{part}}'",),
        (f"UPDATE transactions SET order_id = '{{whole}}' WHERE {HERE} AND order_id = '{{part}}' AND type = 'refund'",),
        (transaction("refund", "completed", "paid"), transfer("buyer_clearing", "refunds")),
    ),
    "refund lines": ((f"UPDATE refunds SET amount = amount - 1 WHERE {HERE} AND order_id = '{{back}}'",),),
    "refund prices": (
        (f"UPDATE refund_lines SET amount = CASE amount WHEN 0 THEN 1 ELSE amount - 1 END WHERE {HERE} AND refund_id = {THE_WHOLE}",),
    ),
    "refund quantities": (
        (f"UPDATE refund_lines SET quantity = 9 WHERE {HERE} AND amount = 0 AND refund_id = {THE_OPEN}",),
    ),
    "open refunds": (
        (A_REFUND,),
        (f"UPDATE refunds SET amount = amount + 1 WHERE {HERE} AND order_id = '{{kept}}'",),
    ),
    "money kept": (without_refunds("kept"),),
    "currencies": ((f"UPDATE events SET currency = 'USD' WHERE {HERE} AND id = '{{event}}'",),),
}  # fmt: skip

LEDGER: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "transfers": (
        (f"DELETE FROM ledger_transfers WHERE {HERE} AND credit_account_id = {ACCOUNT % 'gateway_fees'}",),
        (f"DELETE FROM ledger_transfers WHERE {HERE} AND transaction_id = {PURCHASE} AND debit_account_id = {ACCOUNT % 'payouts'}",),
        (f"UPDATE ledger_transfers SET amount = amount + 1 WHERE {HERE} AND transaction_id = {PURCHASE}",),
        (transaction("refund", "failed", "paid"), transfer("buyer_clearing", "refunds")),
        (transaction("chargeback", "completed", "paid"),),
    ),
    "balances": ((f"UPDATE ledger_accounts SET currency = 'USD' WHERE {HERE} AND kind = 'refunds'",),),
}  # fmt: skip

STATES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "states of orders": (
        (f"UPDATE orders SET payment_status = 'pending' WHERE {HERE} AND id = '{{free}}'",),
        (f"UPDATE orders SET payment_status = 'paid' WHERE {HERE} AND id = '{{part}}'",),
    ),
    "approvals": (
        (f"UPDATE approvals SET status = 'approved' WHERE {HERE} AND order_id = '{{refused}}'",),
        (f"UPDATE approvals SET status = 'lapsed', decided_at = foyer_now(), decided_by = NULL WHERE {HERE} AND order_id = '{{guest}}'",),
        (f"DELETE FROM approvals WHERE {HERE} AND order_id = '{{guest}}'",),
        (f"UPDATE approvals SET status = 'requested', decided_at = NULL, decided_by = NULL WHERE {HERE} AND order_id = '{{refused}}'",),
    ),
    "cancelled events": (
        (f"UPDATE events SET wound_up_at = foyer_now() WHERE {HERE} AND id = '{{event}}'",),
        without_refunds("due"),
    ),
}  # fmt: skip

DAMAGES: Final = {**PLACES, **LINES, **MONEY, **LEDGER, **STATES}
