"""Decisions about copies of events."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from foyer.domains.events.types import EventCopy, EventDraft, EventStaff, TicketTypeDraft, TicketTypeStaff
from foyer.kernel.time import NonexistentTimeError, instant

_EVENT = tuple(
    name for name in EventDraft.__struct_fields__
    if name not in {"title", "slug", "start_date", "end_date", "sales_start_date", "sales_end_date"}
)  # fmt: skip
_TYPE = tuple(
    name
    for name in TicketTypeDraft.__struct_fields__
    if name not in {"is_free", "sales_start_date", "sales_end_date"}
)


def copied_event(event: EventStaff, wanted: EventCopy) -> EventDraft:
    """The copy as a draft: everything but the dates, which move with the start."""
    shift = wanted.start_date - event.start_date
    return EventDraft(
        **{name: getattr(event, name) for name in _EVENT},
        title=wanted.title,
        start_date=wanted.start_date,
        end_date=event.end_date + shift,
        sales_start_date=_moved(event.sales_start_date, event.time_zone, shift),
        sales_end_date=_moved(event.sales_end_date, event.time_zone, shift),
    )


def copied_type(kind: TicketTypeStaff, event: EventStaff, wanted: EventCopy) -> TicketTypeDraft:
    """A ticket type of the copy, on sale as long before it as the original was."""
    shift = wanted.start_date - event.start_date
    return TicketTypeDraft(
        **{name: getattr(kind, name) for name in _TYPE},
        sales_start_date=_moved(kind.sales_start_date, event.time_zone, shift),
        sales_end_date=_moved(kind.sales_end_date, event.time_zone, shift),
    )


def _moved(at: datetime | None, zone: str, shift: timedelta) -> datetime | None:
    """The same time of day so many days later, though the clocks may have been changed in between."""
    if at is None:
        return None
    wall = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + shift
    try:
        return instant(wall.date(), wall.time(), zone)
    except NonexistentTimeError:
        return at + shift
