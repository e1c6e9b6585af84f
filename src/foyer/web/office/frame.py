"""What stands around every page of the office: the rail, the organization, who is signed in."""

from dataclasses import dataclass
from typing import Final

from foyer.domains.organizations.types import Shop
from foyer.web.shared.render import AnyRequest
from foyer.web.shared.staff import Staff, staff


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the office as the rail names it; `group` 1 stands apart below, `is_main` fits on a phone."""

    key: str
    label: str
    icon: str
    path: str
    permission: str | None = None
    group: int = 0
    is_main: bool = False


RAIL: Final = (
    Place("dashboard", "Dashboard", "dashboard", "/office", "events:view", is_main=True),
    Place("events", "Events", "events", "/office/events", "events:view", is_main=True),
    Place("orders", "Orders", "orders", "/office/orders", "orders:view", is_main=True),
    Place("attendees", "Attendees", "ticket", "/office/attendees", "tickets:view"),
    Place("customers", "Customers", "people", "/office/customers", "customers:view"),
    Place("check-in", "Check-in", "scan", "/office/check-in", "tickets:view", is_main=True),
    Place("discounts", "Discounts", "tag", "/office/discounts", "discounts:manage"),
    Place("tax-rates", "Tax rates", "percent", "/office/tax-rates", "events:view"),
    Place("reports", "Reports", "chart", "/office/reports", "analytics:view"),
    Place("audit", "Activity", "history", "/office/activity", "audit:view", group=1),
    Place("team", "Team", "team", "/office/team", "users:view", group=1),
    Place("settings", "Settings", "settings", "/office/settings", "organization:edit", group=1),
)
"""Every part there is or will be, in order; a page that is not built, or that may not be opened, is not shown."""


@dataclass(frozen=True, slots=True)
class Toast:
    """One sentence about what was just done."""

    text: str
    kind: str = "good"


TOASTS: Final = {
    "saved": "Saved.", "created": "Created.", "deleted": "Deleted.", "published": "The event is on sale.",
    "copied": "This is the copy. Look through it before you publish it.", "cancelled": "The event is cancelled.",
    "moved": "The order is changed.", "revoked": "The phone is cut off.",
    "link-revoked": "The link opens nothing any more.",
    "undone": "Taken back. The ticket can come in again.",
}  # fmt: skip
"""What `?done=` in an address stands for: what was just done, told once on the page after it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame's template reads; each page of the office carries one as `frame`."""

    staff: Staff
    current: str
    places: tuple[Place, ...]
    q: str = ""
    has_search: bool = False
    toast: Toast | None = None

    @property
    def shop(self) -> Shop:
        return self.staff.shop

    @property
    def main_places(self) -> tuple[Place, ...]:
        return tuple(place for place in self.places if place.is_main)

    @property
    def has_settings(self) -> bool:
        return any(place.key == "settings" for place in self.places)

    def may(self, permission: str) -> bool:
        """Whether to show what needs this permission; the route itself asks again."""
        return permission in self.staff.actor.permissions


def frame(request: AnyRequest, current: str, *, toast: Toast | None = None) -> Frame:
    """The frame around a page.

    Args:
        request: behind the office's guard.
        current: the key of the place in the rail.
        toast: what to say about what was just done, once.
    """
    here = staff(request)
    done = TOASTS.get(request.query_params.get("done", ""))
    built = request.app.route_handler_method_map
    places = tuple(
        place
        for place in RAIL
        if place.path in built and (place.permission is None or place.permission in here.actor.permissions)
    )
    return Frame(
        staff=here,
        current=current,
        places=places,
        q=request.query_params.get("q", "") if current == "search" else "",
        has_search="/office/search" in built,
        toast=toast or (Toast(done) if done else None),
    )
