"""Finding the event that is meant, and everything of it that decides how it sells."""

from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from foyer.domains.events import discounts_of_event, event_for_staff, shared_pools, tax_rate
from foyer.domains.events.types import Discount, EventStaff, SharedPool, TaxRate
from foyer.domains.organizations import organization_for_staff
from foyer.domains.organizations.types import OrganizationStaff
from foyer.infra.db.engine import Connection, Database
from foyer.settings import SettingsError

SHOWN_MAX: Final = 10
CODES_MAX: Final = 50

_EVENTS: Final = """
SELECT e.organization_id, e.id, s.slug AS shop, e.slug, e.title, e.status FROM events e
JOIN organization_slugs s ON s.organization_id = e.organization_id AND s.current
JOIN organizations o ON o.id = e.organization_id AND o.deleted_at IS NULL AND NOT o.is_rehearsal
WHERE e.deleted_at IS NULL
"""
_NAMED: Final = f"""{_EVENTS}
  AND ($1 = '' OR s.slug = $1) AND (e.slug = $2 OR e.id::text = $2) ORDER BY s.slug, e.slug LIMIT {SHOWN_MAX + 1}
"""
_LIKE: Final = f"""{_EVENTS}
  AND e.status IN ('draft', 'published') AND e.ends_at > foyer_now()
ORDER BY position(lower($1) IN lower(concat_ws(' ', s.slug, e.slug, e.title))) = 0, e.starts_at LIMIT {SHOWN_MAX}
"""


class Found(NamedTuple):
    """An event by its ids, and as people write it."""

    organization_id: UUID
    event_id: UUID
    address: str
    title: str


class Original(NamedTuple):
    """An event with all that its sale depends on."""

    house: OrganizationStaff
    event: EventStaff
    pools: list[SharedPool]
    taxes: list[TaxRate]
    codes: list[Discount]


async def find(owner: Connection, wanted: str) -> Found:
    """The event that somebody means by an id, an address, `shop/event`, or a page's path.

    Raises:
        SettingsError: there is none, or there are several; the sentence lists which ones could be meant.
    """
    words = [part for part in wanted.strip().lower().split("/") if part and part != "events"]
    name, shop = (words[-1] if words else ""), (words[-2] if len(words) > 1 else "")
    rows = await owner.fetch(_NAMED, shop, name)
    if len(rows) == 1:
        row = rows[0]
        return Found(row["organization_id"], row["id"], _address(row), row["title"])
    if rows:
        raise SettingsError(f"Several shops have an event {name!r}; say which one:{_listed(rows)}")
    others = await owner.fetch(_LIKE, name)
    if not others:
        raise SettingsError(f"There is no event {wanted!r}, nor any other one that is still to come.")
    raise SettingsError(f"There is no event {wanted!r}. To come are:{_listed(others)}")


def _address(row: asyncpg.Record) -> str:
    return f"{row['shop']}/{row['slug']}"


def _listed(rows: list[asyncpg.Record]) -> str:
    lines = [f"\n  {_address(row):<44} {row['title']}" for row in rows[:SHOWN_MAX]]
    return "".join(lines) + ("\n  and more" if len(rows) > SHOWN_MAX else "")


async def read_original(database: Database, found: Found) -> Original:
    """Read the event as its organizer sees it; nothing is locked and nothing is written."""
    async with database.read(found.organization_id) as tx:
        event = await event_for_staff(tx, found.event_id)
        rates = {kind.tax_rate_id for kind in event.ticket_types if kind.tax_rate_id is not None}
        return Original(
            house=await organization_for_staff(tx),
            event=event,
            pools=await shared_pools(tx, event.id),
            taxes=[await tax_rate(tx, rate) for rate in sorted(rates)],
            codes=await discounts_of_event(tx, event.id, most=CODES_MAX),
        )
