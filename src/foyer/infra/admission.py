"""How much may be under way in a web process: the shop has its allowance, and the door one of its own.

What exceeds it is turned away before anything is read, so that those who are inside are served in time.
"""

from dataclasses import dataclass
from typing import Final

REQUESTS_MAX: Final = 2_000
"""A busy worker answers some thousands a second: who is let in is answered within about a second."""
DOOR_MAX: Final = 656
"""More than there are bodies on their way in a process: who pairs a phone is nobody yet, and keeps no door shut by sending slowly."""
STREAMS_MAX: Final = 2_000
"""Each takes a socket and some memory for minutes, and hardly any time."""

_APART: Final = ("/door", "/livez", "/readyz", "/static/", "/theme/", "/api/v1/check-ins", "/api/v1/tickets/")
"""One look tells nearly all paths from those that need a second one."""
_NEVER_WAITS: Final = ("/static/", "/theme/")
_HEALTH: Final = {"/livez", "/readyz"}
_DOOR: Final = ("/door/", "/api/v1/check-ins")
_TAKEN_BACK: Final = "/check-in-reversal"
_STREAM: Final = "/live"


@dataclass(slots=True)
class Room:
    """Requests that are under way together, and how many may be."""

    places: float
    is_apart: bool = True
    """Whether its database work has connections of its own."""
    taken: int = 0


class Admission:
    """The rooms of a process, and which of them a request is for."""

    def __init__(self, requests_max: int = REQUESTS_MAX, door_max: int = DOOR_MAX) -> None:
        self.shop = Room(requests_max, is_apart=False)
        self.door = Room(door_max)
        self.open = Room(float("inf"))
        """Files that lie in memory, and health: the one never waits, the other is bounded by its connections."""

        self.streams = Room(STREAMS_MAX, is_apart=False)
        """Who only listens takes nobody's place."""

    def room_for(self, path: str) -> Room:
        if not path.startswith(_APART):
            return self.streams if path.endswith(_STREAM) else self.shop
        if path.startswith(_NEVER_WAITS) or path in _HEALTH:
            return self.open
        if path.startswith(_DOOR) or path == "/door" or path.endswith(_TAKEN_BACK):
            return self.door
        return self.shop
