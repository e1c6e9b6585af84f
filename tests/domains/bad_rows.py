"""For each CHECK one change to a valid row that it refuses, and what two rows need to collide in a unique key."""

from datetime import timedelta
from typing import Final

from tests.domains.rows import HASH, LATER, NOW, Row

Changes = dict[str, Row]
SECOND: Final = timedelta(seconds=1)
SAME: Final = "as debited"
"""Stands for the account on the other side of a transfer."""


def each(value: object, *columns: str) -> Changes:
    """The same bad value for several columns, each with a CHECK of its own name."""
    return {column: {column: value} for column in columns}


def empty(*columns: str) -> Changes:
    return each("", *columns)


def unknown(*columns: str) -> Changes:
    return each("vanished", *columns)


def short(*columns: str) -> Changes:
    return each(b"short", *columns)


def no_object(*columns: str) -> Changes:
    return each("[]", *columns)


MONEY: Final[Changes] = {
    "currency": {"currency": "eur"},
    "not_negative": {"fees": -20, "total": 180},
    "discount_amount": {"discount_amount": 201, "total": 19},
    "adds_up": {"total": 221},
    "discount": {"discount_id": None},
    "discount_has_code": {"discount_id": None, "discount_code": None, "discount_amount": 20, "total": 200},
    "customer": {"customer": {}},
}
REPLAY: Final[Changes] = {
    "idempotency": {"body_hash": None},
    "idempotency_key": {"idempotency_key": "x" * 256},
}
LINE: Final[Changes] = {
    "type": {"type": "gift", "ticket_type_id": None},
    "ticket_type_id": {"type": "fee"},
    "quantity": {"quantity": 0, "subtotal": 0},
    "not_negative": {"unit_fee": -1},
    "subtotal": {"subtotal": 201},
    "tax": {"tax_name": "VAT"},
    "tax_rate_bps": {"tax_name": "VAT", "tax_rate_bps": 10_001, "tax_included": True},
    "unit_discount": {"unit_discount": 101},
    "unit_tax": {"unit_tax": 1},
    **no_object("metadata"),
}
AMOUNT: Final[Changes] = {"amount": {"amount": 0}, "currency": {"currency": "eur"}}
FAILED: Final[Changes] = {"error_message": {"error_message": "Declined."}}
EXPIRES: Final[Changes] = {"expires_at": {"expires_at": NOW}}

CHECKS: Final[dict[str, Changes]] = {
    "access_links": {**empty("name"), **short("token_hash")},
    "answers": {"one_ticket": {"place": None}, "place": {"place": 0}},
    "api_keys": {**empty("name"), **short("token_hash")},
    "approvals": {
        "decided_at": {"decided_at": None},
        "decided_by": {"decided_by": None},
        "status": {"status": "vanished", "decided_by": None},
    },
    "audit": {**empty("action", "subject_kind"), **no_object("changes")},
    "buyer_sessions": {**EXPIRES, **short("token_hash")},
    "cart_items": LINE,
    "carts": {**REPLAY, **unknown("status"), **EXPIRES, **MONEY},
    "consents": {"source": {"source": "staff"}},
    "custom_domains": {"host": {"host": "Tickets.example.org"}},
    "customers": {**empty("email_key"), **no_object("address"), "marketing": {"marketing": True}},
    "device_pairings": {**EXPIRES, **short("code_hash")},
    "devices": {**empty("name"), **short("token_hash")},
    "discount_uses": {**empty("email_key"), "uses": {"uses": -1}},
    "discounts": {
        "code": {"code": "a code"},
        "kind": {"percent_bps": None},
        "amount": {"percent_bps": None, "amount": 0, "currency": "EUR"},
        "amount_in_currency": {"currency": "EUR"},
        "currency": {"percent_bps": None, "amount": 1, "currency": "eur"},
        "window": {"starts_at": LATER, "ends_at": NOW},
        **each(0, "percent_bps", "minimum_quantity", "uses_per_customer"),
    },
    "disputes": {**AMOUNT, **empty("provider", "reference"), **unknown("status")},
    "domain_proofs": {**unknown("method"), **empty("token"), "proved_at": {"proved_at": NOW}},
    "event_analytics": {
        **no_object("referrers", "ticket_type_breakdown"),
        "currency": {"currency": "eur"},
        "refunds": {"refunds": -1},
        "sales": {"revenue": -1},
        "total_views": {"total_views": -1, "unique_views": -1},
        "unique_views": {"unique_views": 1},
    },
    "event_images": unknown("kind"),
    "event_series": empty("name"),
    "event_translations": {"language": {"language": "Danish"}, "title": {"title": "x" * 201}},
    "events": {
        "title": {"title": "x" * 201},
        "slug": {"slug": "-a"},
        "order_of_time": {"ends_at": NOW - SECOND},
        "order_of_days": {"end_date": NOW.date() - timedelta(days=1)},
        "order_of_sales": {"sales_start_date": NOW, "sales_end_date": NOW - SECOND},
        "sales_end_before_event": {"sales_end_date": LATER + SECOND},
        "currency": {"currency": "eur"},
        "country": {"country": "DEU"},
        "service_fee_fixed": {"service_fee_fixed": 10**12 + 1},
        **empty("category"),
        **unknown("location_type", "status", "visibility"),
        **each(-1, "service_fee_bps", "manual_payment_hours", "approval_hours", "changes_close_hours"),
    },
    "facts": empty("type"),
    "files": {
        **short("content_hash", "made_from"),
        **empty("media_type"),
        "size_bytes": {"size_bytes": -1},
        "made_of_something": {"made_from": HASH, "subject_id": None},
    },
    "gates": empty("name"),
    "idempotency": {**empty("idempotency_key"), "hashes": {"body_hash": b"short"}},
    "installation": {"single": {"id": 2}},
    "installed_plugins": no_object("configuration"),
    "invitations": {**EXPIRES, **short("token_hash")},
    "invoice_numbers": {**empty("series"), "last_number": {"last_number": -1}},
    "invoices": {**empty("series"), **unknown("kind"), "number": {"number": 0}, **no_object("document")},
    "ledger_accounts": {**unknown("kind"), "currency": {"currency": "eur"}},
    "ledger_transfers": {"amount": {"amount": 0}, "two_accounts": {"credit_account_id": SAME}},
    "mail_log": {
        **empty("template", "recipient"),
        **unknown("status"),
        "sent_at": {"sent_at": NOW},
        **unknown("language"),
        **no_object("details"),
        **empty("once_key"),
        "lost": {"lost": 2},
        "claimed_until": {"status": "dropped", "claimed_until": NOW},
        "error_message": {"status": "sent", "sent_at": NOW, "error_message": "No such mailbox."},
    },
    "mail_opt_outs": short("address_hash"),
    "message_campaigns": empty("subject", "body"),
    "one_time_codes": {
        **EXPIRES,
        **short("code_hash"),
        **unknown("purpose"),
        **empty("email_key"),
        "user_id": {"user_id": None},
    },
    "operators": {**empty("name"), **short("token_hash")},
    "order_items": LINE,
    "orders": {
        "order_number": {"order_number": "ILOU0000"},
        **unknown("language"),
        "refunded_amount": {"refunded_amount": 221},
        "pending_expires": {"status": "pending"},
        "generation": {"generation": 0},
        "cancelled_why": {"cancel_reason": "unpaid"},
        "cancel_reason": {"cancel_reason": "vanished", "status": "cancelled"},
        **unknown("status", "payment_status"),
        **MONEY,
    },
    "organization_settings": {
        **unknown("language"),
        "default_currency": {"default_currency": "EURO"},
        "primary_color": {"primary_color": "#58188F"},
        "secondary_color": {"secondary_color": "red"},
        "service_fee_bps": {"service_fee_bps": 10_001},
        "service_fee_fixed": {"service_fee_fixed": -1},
        **empty("time_zone"),
    },
    "organization_slugs": {"slug": {"slug": "Not-a-slug"}},
    "organizations": {
        **empty("name", "email"),
        **no_object("address"),
        "plan": {"plan": "gold"},
        "website": {"website": "javascript:x"},
    },
    "passkeys": {**empty("name"), "credential_id": {"credential_id": b""}, "sign_count": {"sign_count": -1}},
    "payment_attempts": {
        **AMOUNT,
        **unknown("status"),
        **empty("provider"),
        "error_message": {"error_message": "Declined.", "status": "pending"},
    },
    "payouts": {**AMOUNT, **unknown("status"), **FAILED},
    "plan_usage": {**empty("resource"), "used": {"used": -1}},
    "plugin_storage": empty("key"),
    "plugin_versions": {
        **no_object("admin_components", "storefront_components", "configuration_schema", "metadata"),
        **empty("description"),
        "bundle": {"bundle_url": "https://example.org/a.js"},
        "bundle_hash": {"bundle_url": "https://example.org/a.js", "bundle_hash": b"short"},
        "version": {"version": "1.0"},
    },
    "plugins": {**empty("name"), **unknown("kind", "category", "status")},
    "pools": {
        "capacity": {"capacity": 2_000_000_001},
        "held": {"held": -1},
        "sold": {"sold": -1},
        "never_oversold": {"held": 3, "sold": 3},
    },
    "provider_accounts": {**empty("provider", "account"), **unknown("status")},
    "provider_events": empty("provider", "reference", "type"),
    "questions": {**empty("label"), **unknown("scope", "type"), "options": {"type": "choice"}},
    "rate_counters": {**empty("scope"), **short("subject_hash"), "hits": {"hits": 0}},
    "reactions_done": empty("reaction"),
    "recovery_codes": short("code_hash"),
    "refund_lines": {"quantity": {"quantity": 0}, "amount": {"amount": -1}},
    "refunds": {
        **AMOUNT,
        **empty("provider"),
        **FAILED,
        "status": {"status": "vanished", "transaction_id": None},
        "transaction_id": {"transaction_id": None},
    },
    "sales_analytics": {
        **no_object("event_breakdown", "payment_method_breakdown"),
        **each(-1, "refund_amount", "fees_collected"),
        "currency": {"currency": "eur"},
        "date_range": {"date_range": "yearly"},
        "sales": {"total_revenue": -1},
        "week": {"date_range": "weekly", "date": NOW.date()},
        "month": {"date_range": "monthly", "date": NOW.date() + timedelta(days=1)},
    },
    "scans": {
        "result": {"result": "maybe"},
        "scanned_by": {"device_id": None},
        "undone": {"result": "undone"},
        "ticket_id": {"ticket_id": None},
        **short("presented_hash"),
    },
    "session_families": {**EXPIRES, **empty("device")},
    "sessions": {**EXPIRES, **short("token_hash", "refresh_token_hash")},
    "shared_pools": empty("name"),
    "signing_keys": {"key_id": {"key_id": 2**32}, **short("public_key")},
    "tax_rates": {**empty("name"), "rate_bps": {"rate_bps": 10_001}, "country": {"country": "DEU"}},
    "ticket_types": {
        **empty("name"),
        **no_object("metadata"),
        "price": {"price": -1},
        "min_per_order": {"min_per_order": 0},
        "max_per_order": {"min_per_order": 5, "max_per_order": 4},
        "order_of_sales": {"sales_start_date": LATER, "sales_end_date": NOW},
    },
    "tickets": {
        "code": {"code": "SHORT"},
        "generation": {"generation": 0},
        "used_at": {"status": "used"},
        "checked_in_by": {"checked_in_at": NOW},
        "transferred": {"transferred_to": None},
        **unknown("status"),
    },
    "totp_secrets": {"last_step": {"last_step": -1}},
    "traefik_middlewares": {
        "name": {"name": "a@file"},
        "type": {"type": "errors"},
        **no_object("configuration"),
    },
    "traefik_routes": {"name": {"name": "a@file"}, **empty("rule", "service")},
    "transactions": {
        **AMOUNT,
        **unknown("status"),
        **FAILED,
        **empty("payment_method"),
        **no_object("metadata"),
        "fees": {"gateway_fee": -1},
        "order_id": {"type": "payout"},
        "type": {"type": "gift"},
    },
    "transfers": {"generation": {"generation": 1}, "former_code": {"former_code": "short"}},
    "users": {
        **empty("name", "email"),
        "role": {"role": "king"},
        "status": {"status": "asleep"},
        "password_hash": {"status": "active", "password_hash": None},
    },
    "visitor_hashes": short("visitor_hash"),
    "waiting_list": {
        "cart": {"status": "waiting"},
        "ended_at": {"ended_at": NOW},
        "offered_at": {"offered_at": None},
        "quantity": {"quantity": 0},
        "status": {"status": "vanished", "ended_at": NOW},
    },
    "webhook_deliveries": {
        **unknown("status"),
        "attempts": {"attempts": -1},
        "delivered_at": {"delivered_at": NOW},
        "response_status": {"response_status": 99},
    },
    "webhook_endpoints": {"url": {"url": "ftp://example.org/"}, "types": {"types": []}},
}

UNIQUE: Final[dict[str, Row]] = {
    "uq_custom_domains_host": {"verified_at": NOW},
    "uq_event_images_featured": {"kind": "featured"},
    "uq_organization_slugs_current": {"current": True},
    "uq_payment_attempts_live": {"status": "created"},
    "uq_refunds_open": {"status": "due", "transaction_id": None},
    "uq_scans_user_scan": {"device_id": None, "user_id": ...},
    "uq_signing_keys_current": {"retired_at": None},
    "pk_installation": {"id": 1},
}
"""What both rows need so that a partial index speaks of them. `...` is the id of a user."""

ACROSS: Final = {"uq_custom_domains_host"}
"""Unique keys over all organizations: their second row is somebody else's."""

REFERENCES: Final[dict[str, Row]] = {"fk_scans_organization_id_user_id": {"device_id": None}}
"""What else must change in a row, so that only the key that points nowhere refuses it."""

EXPRESSIONS: Final = {
    "uq_discounts_code": "code",
    "uq_gates_name": "name",
    "uq_shared_pools_name": "name",
    "uq_tax_rates_name": "name",
    "uq_ticket_types_name": "name",
    "uq_users_email": "email",
}
"""The column behind `lower(...)` in a unique index."""

FREED: Final[dict[str, tuple[str, Row]]] = {
    "carts": ("session_id", {"status": "expired"}),
    "customers": ("email_key", {"erased_at": NOW}),
    "discounts": ("code", {"deleted_at": NOW}),
    "events": ("slug", {"deleted_at": NOW}),
    "plugins": ("name", {"deleted_at": NOW}),
    "ticket_types": ("name", {"deleted_at": NOW}),
    "users": ("email", {"deleted_at": NOW}),
}
"""By what a row is known, and what must become of it before another one may be known by that."""

__all__ = ["ACROSS", "CHECKS", "EXPRESSIONS", "FREED", "REFERENCES", "SAME", "UNIQUE"]
