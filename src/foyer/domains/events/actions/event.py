"""Writes of events."""

from collections.abc import Callable
from datetime import time
from uuid import UUID

from sqlalchemy import func, select

from foyer.domains.events import rules
from foyer.domains.events.actions.rows import live_types, lock_event, require_open
from foyer.domains.events.facts import EventPublished
from foyer.domains.events.models import DeviceEventRow, EventRow, EventSeriesRow
from foyer.domains.events.queries import (
    event_for_staff,
    names_of_series,
    opened_by_links,
    percentage,
    series_called,
)
from foyer.domains.events.types import EventDraft, EventStaff, EventStatus, Visibility, Warning_
from foyer.domains.identity import has_confirmed_owner
from foyer.domains.inventory import lock, open_pool, pool_size, pools_by_id, resize, shown_capacity
from foyer.domains.organizations import fee_terms
from foyer.infra.audit import differences, record
from foyer.infra.db.constraints import in_words
from foyer.infra.db.tx import Tx, own
from foyer.infra.outbox import publish
from foyer.kernel.actor import Actor
from foyer.kernel.errors import AddressUnconfirmed, Conflict, Invalid
from foyer.kernel.ids import uuid7
from foyer.kernel.money import percent_to_bps
from foyer.kernel.time import instant

_SAME = tuple(
    name for name in EventDraft.__struct_fields__
    if name not in {
        "slug", "start_time", "end_time", "visibility", "currency", "capacity", "service_fee_percentage",
        "series",
    }
)  # fmt: skip

_SECRET = {"virtual_event_url"}
"""For holders of tickets only, so not for the log either."""


UNPROVED = "Confirm your email address first, by the link in the mail that was sent to it; then events can be published."


async def create_event(tx: Tx, draft: EventDraft, *, actor: Actor) -> EventStaff:
    """Make a draft of an event, with the pool that all its ticket types draw on.

    Raises:
        Invalid: naming every field that cannot be taken.
    """
    assert actor.user_id is not None, "events are made by staff"
    regular, found = rules.regular_event(draft, tx.organization_id)
    if found:
        raise Invalid.of(found)
    row = EventRow(
        organization_id=tx.organization_id,
        id=uuid7(),
        pool_id=await open_pool(tx, pool_size(regular.capacity)),
        status=EventStatus.DRAFT.value,
        currency=regular.currency or (await fee_terms(tx)).default_currency,
        created_by=actor.user_id,
        updated_by=actor.user_id,
    )
    row.slug = await _free_slug(tx, regular, row.id)
    row.series_id = await _series(tx, regular.series)
    _write_event(row, regular)
    tx.add(row)
    with in_words(uq_events_slug=_taken()):
        await tx.flush()
    record(tx, actor, "event.created", "event", row.id, {"title": [None, row.title]})
    return await event_for_staff(tx, row.id)


async def edit_event(
    tx: Tx,
    event_id: UUID,
    revise: Callable[[EventDraft], EventDraft],
    *,
    actor: Actor,
    version: int | None = None,
) -> EventStaff:
    """Revise an event under its lock, so that of two changes at once none undoes the other.

    Args:
        tx: the transaction.
        event_id: the event.
        revise: makes the new draft of the one that stands.
        actor: who edits.
        version: what the row's version must still be, if it matters.

    Raises:
        NotFound, Invalid, PreconditionFailed: see each.
        Conflict: it is over or cancelled, the currency is fixed, or the capacity is below what is taken.
    """
    assert actor.user_id is not None, "events are edited by staff"
    row = await lock_event(tx, event_id, version)
    require_open(row)
    standing = (await pools_by_id(tx, [row.pool_id]))[row.pool_id]
    before = await _draft_of(tx, row, capacity=shown_capacity(standing))
    regular, found = rules.regular_event(revise(before), tx.organization_id)
    if found:
        raise Invalid.of(found)
    types = await live_types(tx, event_id)
    if regular.currency is not None and regular.currency != row.currency:
        if types:
            raise Conflict("The currency is fixed once the event has ticket types.", field="currency")
        row.currency = regular.currency
    _write_event(row, regular)
    now = await tx.now()
    if found := rules.odd_end(EventStatus(row.status), ends_at=row.ends_at, now=now):
        raise Invalid.of(found)
    if any(kind.sales_end_date and kind.sales_end_date > row.ends_at for kind in types):
        raise Invalid("A ticket type is on sale longer than that; change it first.", field="endDate")
    if regular.slug is not None:
        row.slug = regular.slug
    if regular.series != before.series:
        row.series_id = await _series(tx, regular.series)
    row.updated_by = actor.user_id
    row.updated_at = now
    with in_words(uq_events_slug=_taken()):
        await tx.flush()
    pools = await lock(tx, [row.pool_id])
    await resize(tx, pools[row.pool_id], pool_size(regular.capacity), field="capacity")
    after = await _draft_of(tx, row, capacity=regular.capacity)
    record(tx, actor, "event.updated", "event", event_id, differences(before, after, unsaid=_SECRET))
    return await event_for_staff(tx, event_id)


async def publish_event(tx: Tx, event_id: UUID, *, actor: Actor) -> tuple[EventStaff, list[Warning_]]:
    """Put an event on sale; also tells what buyers will miss on it.

    Raises:
        NotFound: no such event.
        Conflict: it is not a draft.
        AddressUnconfirmed: no owner of the organization has proved an address.
        Invalid: something that a sale needs is missing; every such field is named.
    """
    row = await lock_event(tx, event_id)
    rules.EVENT.require(EventStatus(row.status), EventStatus.PUBLISHED)
    if not await has_confirmed_owner(tx):
        raise AddressUnconfirmed(UNPROVED)
    now = await tx.now()
    types = await live_types(tx, event_id)
    if found := rules.blockers(has_types=bool(types), ends_at=row.ends_at, now=now):
        raise Invalid.of(found)
    row.status = EventStatus.PUBLISHED.value
    row.published_at = now
    row.updated_by = actor.user_id or row.updated_by
    publish(tx, actor, EventPublished(event_id=event_id))
    record(tx, actor, "event.published", "event", event_id)
    await tx.flush()
    opened = await opened_by_links(tx, event_id)
    hidden = sum(kind.is_hidden and kind.id not in opened for kind in types)
    draft = await _draft_of(tx, row, capacity=0)
    warned = rules.warnings(draft, has_link=bool(opened), hidden=hidden, starts_at=row.starts_at, now=now)
    return await event_for_staff(tx, event_id), warned


async def stop_event(tx: Tx, event_id: UUID, *, actor: Actor) -> None:
    """Set an event cancelled, under the lock of its pool: no batch that locks it later sells.

    Raises:
        NotFound: no such event.
        Conflict: it is not published.
    """
    row = await lock_event(tx, event_id)
    rules.EVENT.require(EventStatus(row.status), EventStatus.CANCELLED)
    await lock(tx, [row.pool_id])
    row.status = EventStatus.CANCELLED.value
    row.cancelled_at = await tx.now()
    row.updated_by = actor.user_id or row.updated_by
    record(tx, actor, "event.cancelled", "event", event_id)
    await tx.flush()


async def allow_device(tx: Tx, device_id: UUID, event_id: UUID) -> None:
    """Let a door device admit at this event.

    Raises:
        NotFound: no such event.
    """
    await event_for_staff(tx, event_id)
    tx.add(DeviceEventRow(organization_id=tx.organization_id, device_id=device_id, event_id=event_id))
    await tx.flush()


async def _series(tx: Tx, name: str | None) -> UUID | None:
    """The series of this name, made where there is none yet."""
    if name is None:
        return None
    # Two who begin a series at once take turns, so that the second finds the first one's.
    await tx.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"series {tx.organization_id}", 0)))
    )
    found = await series_called(tx, name)
    if found is None:
        found = uuid7()
        tx.add(EventSeriesRow(organization_id=tx.organization_id, id=found, name=name))
        await tx.flush()
    return found


async def _draft_of(tx: Tx, row: EventRow, *, capacity: int) -> EventDraft:
    """The event as its organizer would write it today: what a partial change is laid over."""
    series = await names_of_series(tx, {row.series_id} if row.series_id else set())
    return EventDraft(
        **{name: getattr(row, name) for name in _SAME},
        slug=row.slug,
        start_time=f"{row.start_time:%H:%M}",
        end_time=f"{row.end_time:%H:%M}",
        visibility=Visibility(row.visibility),
        currency=row.currency,
        capacity=capacity,
        service_fee_percentage=percentage(row.service_fee_bps),
        series=series.get(row.series_id) if row.series_id else None,
    )


def _write_event(row: EventRow, regular: EventDraft) -> None:
    for name in _SAME:
        setattr(row, name, getattr(regular, name))
    row.start_time = time.fromisoformat(regular.start_time)
    row.end_time = time.fromisoformat(regular.end_time)
    row.starts_at = instant(regular.start_date, row.start_time, regular.time_zone)
    row.ends_at = instant(regular.end_date, row.end_time, regular.time_zone)
    row.visibility = regular.visibility.value
    fee = regular.service_fee_percentage
    row.service_fee_bps = None if fee is None else percent_to_bps(fee)


def _taken() -> Invalid:
    return Invalid("Another event has this address; choose another one.", field="slug")


async def _free_slug(tx: Tx, draft: EventDraft, event_id: UUID) -> str:
    """The wanted address, or, where it was only derived from the title and is taken, one with a random tail."""
    slug = rules.event_slug(draft, event_id)
    if draft.slug is None:
        # Two who make an event of the same name at once take turns, so that the second sees the first one's address.
        name = func.hashtextextended(f"{tx.organization_id}/{slug}", 0)
        await tx.execute(select(func.pg_advisory_xact_lock(name)))
        taken = select(EventRow.id).where(
            own(EventRow, tx), EventRow.slug == slug, EventRow.deleted_at.is_(None)
        )
        if await tx.first(taken) is not None:
            return f"{slug[:54].rstrip('-')}-{event_id.hex[-8:]}"
    return slug
