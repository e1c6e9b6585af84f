"""What stands between an event and its buyers, as a list to work through: from the very rules that publishing asks."""

from collections.abc import Iterable

from foyer.domains.events.types import Check, EventStaff, Warning_
from foyer.kernel.errors import Finding

_TITLES = {
    "place": "Say where it is",
    "link": "Add the link to join",
    "visibility": "Think about who may see it",
    "hidden": "Look at the hidden ticket types",
    "begun": "Look at the start",
}
_KEYS = {
    "venueName": "place", "address": "place", "virtualEventUrl": "link", "visibility": "visibility", "ticketTypes": "hidden",
    "startDate": "begun",
}  # fmt: skip


ADDRESS_TO_CONFIRM = Check(
    key="address",
    title="Confirm your email address",
    is_done=False,
    is_needed=True,
    reason="A link was sent to it. Until an owner has followed theirs, nothing can be published.",
)


def checklist(
    event: EventStaff, *, blocked: Iterable[Finding], warned: Iterable[Warning_], has_refund_policy: bool
) -> list[Check]:
    """The list, what is open first.

    Args:
        event: as it is written.
        blocked: what `blockers` has found: publishing is refused for it.
        warned: what `warnings` has found: buyers will miss it.
        has_refund_policy: whether the organization has one.
    """
    needed = {one.field: one.detail for one in blocked}
    missed: dict[str, str] = {}
    for one in warned:
        missed.setdefault(_KEYS[one.field], one.detail)
    checks = [
        Check(key="basics", title="Title and description", is_done=True, is_needed=True),
        _needed("dates", "Date and time", "Choose dates to come", needed.get("endDate")),
        _needed("types", "At least one ticket type", "Add a ticket type", needed.get("ticketTypes")),
    ]
    places = {"physical": ["place"], "virtual": ["link"], "hybrid": ["place", "link"]}[event.location_type]
    done = {"place": "The place", "link": "The link to join"}
    checks += [_wanted(key, (_TITLES if key in missed else done)[key], missed.get(key)) for key in places]
    checks += [
        _wanted(key, _TITLES[key], missed[key]) for key in ("visibility", "hidden", "begun") if key in missed
    ]
    policy = None if has_refund_policy else "Buyers see it before they pay."
    checks.append(_wanted("refunds", "Write the refund policy" if policy else "The refund policy", policy))
    if event.sales_end_date is not None:
        checks.append(Check(key="sales", title="Sales window ends before the event", is_done=True))
    drawn = "" if event.featured_image else "Drawn from your colours until you upload one."
    checks.append(Check(key="cover", title="Cover", is_done=True, reason=drawn))
    return sorted(checks, key=lambda check: (check.is_done, not check.is_needed))


def _needed(key: str, done: str, open_: str, reason: str | None) -> Check:
    if reason is None:
        return Check(key=key, title=done, is_done=True, is_needed=True)
    return Check(key=key, title=open_, is_done=False, is_needed=True, reason=reason)


def _wanted(key: str, title: str, reason: str | None) -> Check:
    return Check(key=key, title=title, is_done=reason is None, reason=reason or "")
