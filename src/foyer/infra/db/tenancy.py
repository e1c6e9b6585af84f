"""The tenant wall as SQL: policies, grants, functions. Derived from the tables, so that none is forgotten."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import MetaData, Table

FOYER_NOW: Final = """\
CREATE FUNCTION foyer_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN clock_timestamp() + coalesce(nullif(current_setting('app.clock_offset', true), '')::interval, interval '0')"""

_TENANT: Final = "(select nullif(current_setting('app.organization_id', true), '')::uuid)"
_MIGRATING: Final = "(select current_setting('app.migration', true)) = 'on'"

SOLD_TO_ALL: Final = (
    "e.status = 'published' AND e.visibility <> 'private' AND e.deleted_at IS NULL"
    " AND e.ends_at > public.foyer_now() AND t.deleted_at IS NULL AND NOT t.is_hidden"
    " AND least(e.sales_end_date, t.sales_end_date, 'infinity') > public.foyer_now()"
    " AND greatest(e.sales_start_date, t.sales_start_date, '-infinity') <= public.foyer_now()"
)
"""A ticket type `t` of an event `e` whose sale is open to everybody, whether or not some are left."""

LOOKUPS: Final[dict[str, str]] = {
    # Deleted ones too: their books are still checked, and their rows are still kept up.
    "organizations_page(after uuid, most integer) RETURNS SETOF uuid": (
        "SELECT id FROM public.organizations WHERE id > after ORDER BY id LIMIT most"
    ),
    "organization_by_slug(wanted text) RETURNS SETOF uuid": (
        "SELECT organization_id FROM public.organization_slugs WHERE slug = wanted"
    ),
    "organization_by_host(wanted text) RETURNS SETOF uuid": (
        "SELECT organization_id FROM public.custom_domains WHERE host = wanted AND verified_at IS NOT NULL"
    ),
    "organization_by_provider_account(provider text, account text) RETURNS SETOF uuid": (
        "SELECT p.organization_id FROM public.provider_accounts p"
        " WHERE p.provider = organization_by_provider_account.provider"
        " AND p.account = organization_by_provider_account.account"
    ),
    "verified_hosts() RETURNS SETOF text": (
        "SELECT host FROM public.custom_domains WHERE verified_at IS NOT NULL ORDER BY host"
    ),
    # Of an installation as a search engine may know it: a shop that shows nothing to everybody is not among them.
    "shops_on_show(most integer) RETURNS SETOF text": (
        "SELECT DISTINCT s.slug FROM public.events e"
        " JOIN public.organizations o ON o.id = e.organization_id AND o.deleted_at IS NULL AND NOT o.is_rehearsal"
        " JOIN public.organization_slugs s ON s.organization_id = e.organization_id AND s.current"
        " WHERE e.status = 'published' AND e.visibility = 'public' AND e.deleted_at IS NULL"
        " AND e.ends_at > public.foyer_now() ORDER BY s.slug LIMIT most"
    ),
    "staff_by_email(wanted text) RETURNS TABLE (organization_id uuid, id uuid)": (
        "SELECT u.organization_id, u.id FROM public.users u"
        " WHERE lower(u.email) = lower(wanted) AND u.deleted_at IS NULL"
        # Whoever has proved the address comes first: five strangers who merely claim it cannot crowd them out.
        " ORDER BY (u.email_confirmed_at IS NULL), u.id LIMIT 5"
    ),
    "session_by_hash(wanted bytea) RETURNS TABLE (organization_id uuid, id uuid)": (
        "SELECT s.organization_id, s.id FROM public.sessions s WHERE s.token_hash = wanted"
    ),
    "buyer_session_by_hash(wanted bytea) RETURNS TABLE (organization_id uuid, id uuid)": (
        "SELECT b.organization_id, b.id FROM public.buyer_sessions b WHERE b.token_hash = wanted"
    ),
    "api_key_by_hash(wanted bytea) RETURNS TABLE (organization_id uuid, id uuid)": (
        "SELECT k.organization_id, k.id FROM public.api_keys k WHERE k.token_hash = wanted"
    ),
    "device_by_hash(wanted bytea) RETURNS TABLE (organization_id uuid, id uuid)": (
        "SELECT d.organization_id, d.id FROM public.devices d WHERE d.token_hash = wanted"
    ),
    "device_pairing_by_hash(wanted bytea) RETURNS TABLE (organization_id uuid, id uuid)": (
        "SELECT p.organization_id, p.id FROM public.device_pairings p WHERE p.code_hash = wanted"
    ),
    # Between an hour and a day ago: earlier the buyer may still be at it, later nobody wants to hear of it.
    "due_reminders(most integer) RETURNS SETOF uuid": (
        "SELECT DISTINCT c.organization_id FROM public.carts c"
        " JOIN public.organization_settings s ON s.organization_id = c.organization_id AND s.abandoned_cart_mails"
        " WHERE c.status = 'abandoned' AND c.reminded_at IS NULL"
        " AND c.updated_at <= public.foyer_now() - interval '1 hour'"
        " AND c.updated_at > public.foyer_now() - interval '1 day' LIMIT most"
    ),
    "due_holds(most integer) RETURNS TABLE (organization_id uuid, event_id uuid)": (
        "SELECT d.organization_id, d.event_id FROM ("
        "SELECT c.organization_id, c.event_id FROM public.carts c"
        " WHERE c.status = 'active' AND c.expires_at <= public.foyer_now()"
        " UNION SELECT e.organization_id, e.id FROM public.events e"
        " WHERE e.status = 'published' AND e.deleted_at IS NULL AND e.ends_at <= public.foyer_now()"
        " UNION SELECT e.organization_id, e.id FROM public.events e"
        " WHERE e.status = 'cancelled' AND e.wound_up_at IS NULL"
        " UNION SELECT o.organization_id, o.event_id FROM public.orders o"
        " WHERE o.status = 'pending' AND o.expires_at <= public.foyer_now()"
        " UNION SELECT a.organization_id, a.event_id FROM public.payment_attempts a"
        " WHERE a.status = 'created' AND a.updated_at <= public.foyer_now() - interval '30 seconds'"
        " UNION SELECT r.organization_id, r.event_id FROM public.refunds r"
        " WHERE r.status = 'pending' AND r.updated_at <= public.foyer_now() - interval '30 seconds'"
        # In no order, so that events which cannot be swept do not fill every round.
        ") d ORDER BY random() LIMIT most"
    ),
    # One step for each ticket type that somebody waits for, however many they are: to the smallest group of the next one.
    "due_offers(most integer) RETURNS TABLE (organization_id uuid, event_id uuid)": (
        "SELECT d.organization_id, d.event_id FROM ("  # noqa: S608 - a text of our own
        "WITH RECURSIVE line AS ("
        "(SELECT w.organization_id, w.event_id, w.ticket_type_id, w.quantity FROM public.waiting_list w"
        " WHERE w.status = 'waiting' ORDER BY w.organization_id, w.event_id, w.ticket_type_id, w.quantity LIMIT 1)"
        " UNION ALL SELECT n.organization_id, n.event_id, n.ticket_type_id, n.quantity FROM line l CROSS JOIN LATERAL ("
        "SELECT w.organization_id, w.event_id, w.ticket_type_id, w.quantity FROM public.waiting_list w"
        " WHERE w.status = 'waiting' AND (w.organization_id, w.event_id, w.ticket_type_id)"
        " > (l.organization_id, l.event_id, l.ticket_type_id)"
        " ORDER BY w.organization_id, w.event_id, w.ticket_type_id, w.quantity LIMIT 1) n)"
        " SELECT l.organization_id, l.event_id FROM line l"
        " JOIN public.events e ON e.organization_id = l.organization_id AND e.id = l.event_id"
        " JOIN public.ticket_types t ON t.organization_id = l.organization_id AND t.id = l.ticket_type_id"
        f" WHERE {SOLD_TO_ALL}"
        " AND l.quantity <= (SELECT min(p.capacity - p.held - p.sold) FROM public.ticket_type_pools d"
        " JOIN public.pools p ON p.organization_id = d.organization_id AND p.id = d.pool_id"
        " WHERE d.organization_id = l.organization_id AND d.ticket_type_id = l.ticket_type_id)"
        " UNION SELECT w.organization_id, w.event_id FROM public.waiting_list w"
        " JOIN public.carts c ON c.organization_id = w.organization_id AND c.id = w.cart_id"
        " WHERE w.status = 'offered' AND c.status <> 'active'"
        ") d ORDER BY random() LIMIT most"
    ),
    # One step for each ticket type of whose sale somebody wants to hear, however many they are.
    "due_sale_reminders(most integer) RETURNS TABLE (organization_id uuid, event_id uuid, ticket_type_id uuid)": (
        "WITH RECURSIVE line AS ("  # noqa: S608 - a text of our own
        "(SELECT r.organization_id, r.event_id, r.ticket_type_id FROM public.sale_reminders r"
        " ORDER BY r.organization_id, r.event_id, r.ticket_type_id LIMIT 1)"
        " UNION ALL SELECT n.organization_id, n.event_id, n.ticket_type_id FROM line l CROSS JOIN LATERAL ("
        "SELECT r.organization_id, r.event_id, r.ticket_type_id FROM public.sale_reminders r"
        " WHERE (r.organization_id, r.event_id, r.ticket_type_id) > (l.organization_id, l.event_id, l.ticket_type_id)"
        " ORDER BY r.organization_id, r.event_id, r.ticket_type_id LIMIT 1) n)"
        " SELECT l.organization_id, l.event_id, l.ticket_type_id FROM line l"
        " JOIN public.events e ON e.organization_id = l.organization_id AND e.id = l.event_id"
        " JOIN public.ticket_types t ON t.organization_id = l.organization_id AND t.id = l.ticket_type_id"
        f" WHERE {SOLD_TO_ALL} ORDER BY random() LIMIT most"
    ),
}
"""What must be known before the tenant is: a fixed, reviewed list. Each returns ids, or what stands in public addresses, and nothing else."""

LOOKUP_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "organizations": ("id", "deleted_at", "is_rehearsal"),
    "organization_slugs": ("slug", "organization_id", "current"),
    "custom_domains": ("organization_id", "host", "verified_at"),
    "provider_accounts": ("organization_id", "provider", "account"),
    "users": ("organization_id", "id", "email", "email_confirmed_at", "deleted_at"),
    "sessions": ("organization_id", "id", "token_hash"),
    "buyer_sessions": ("organization_id", "id", "token_hash"),
    "api_keys": ("organization_id", "id", "token_hash"),
    "devices": ("organization_id", "id", "token_hash"),
    "device_pairings": ("organization_id", "id", "code_hash"),
    "carts": ("organization_id", "id", "event_id", "status", "expires_at", "updated_at", "reminded_at"),
    "organization_settings": ("organization_id", "abandoned_cart_mails"),
    "events": (
        "organization_id",
        "id",
        "status",
        "visibility",
        "sales_start_date",
        "sales_end_date",
        "deleted_at",
        "ends_at",
        "wound_up_at",
    ),
    "ticket_types": (
        "organization_id",
        "id",
        "is_hidden",
        "sales_start_date",
        "sales_end_date",
        "deleted_at",
    ),
    "ticket_type_pools": ("organization_id", "ticket_type_id", "pool_id"),
    "pools": ("organization_id", "id", "capacity", "held", "sold"),
    "waiting_list": ("organization_id", "event_id", "ticket_type_id", "quantity", "status", "cart_id"),
    "sale_reminders": ("organization_id", "event_id", "ticket_type_id"),
    "orders": ("organization_id", "event_id", "status", "expires_at"),
    "payment_attempts": ("organization_id", "event_id", "status", "updated_at"),
    "refunds": ("organization_id", "event_id", "status", "updated_at"),
}


def tenant_column(table: Table) -> str | None:
    """The column that names the tenant of a row; None for a platform table."""
    if table.name == "organizations":
        return "id"
    return "organization_id" if "organization_id" in table.c else None


def statements(metadata: MetaData) -> Iterator[str]:
    """Everything beside the tables themselves, in an order that can be executed."""
    for table in metadata.sorted_tables:
        column = tenant_column(table)
        if column is not None:
            yield from _wall(table.name, column)
        if (condition := table.info.get("changes_while")) is not None:
            yield (
                f"CREATE POLICY changes ON {table.name} AS RESTRICTIVE FOR UPDATE TO foyer_app"
                f" USING ({condition}) WITH CHECK (true)"
            )
        rights = table.info.get("app_rights", "SELECT, INSERT, UPDATE, DELETE")
        yield f"GRANT {rights} ON {table.name} TO foyer_app"
    yield from _lookups()


def _wall(table: str, column: str) -> Iterator[str]:
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY tenant ON {table} TO foyer_app USING ({column} = {_TENANT}) WITH CHECK ({column} = {_TENANT})"
    yield f"CREATE POLICY migration ON {table} TO foyer_owner USING ({_MIGRATING}) WITH CHECK ({_MIGRATING})"
    if table in LOOKUP_COLUMNS:
        yield f"GRANT SELECT ({', '.join(LOOKUP_COLUMNS[table])}) ON {table} TO foyer_lookup"
        yield f"CREATE POLICY lookup ON {table} FOR SELECT TO foyer_lookup USING (true)"


def _lookups() -> Iterator[str]:
    yield "CREATE SCHEMA lookups"
    yield "GRANT USAGE, CREATE ON SCHEMA lookups TO foyer_lookup"
    yield "GRANT USAGE ON SCHEMA lookups TO foyer_app"
    yield "GRANT USAGE ON SCHEMA public TO foyer_lookup, foyer_app"
    for signature, body in LOOKUPS.items():
        head, returns = signature.split(" RETURNS ")
        name = f"lookups.{head}"
        yield (
            f"CREATE FUNCTION lookups.{head} RETURNS {returns} LANGUAGE sql STABLE SECURITY DEFINER"
            f" SET search_path = pg_catalog BEGIN ATOMIC {body}; END"
        )
        yield f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {name} TO foyer_app"
        yield f"ALTER FUNCTION {name} OWNER TO foyer_lookup"
    yield "REVOKE CREATE ON SCHEMA lookups FROM foyer_lookup"
