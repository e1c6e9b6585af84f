"""The door: a phone that admits. Every page works without a script; with one, the phone's camera reads the tickets."""

from litestar.exceptions import HTTPException

from foyer.infra.rooms import Room
from foyer.kernel.errors import FoyerError
from foyer.web.door import errors, events, pairing, scans, search
from foyer.web.door.device import device_guard


def router() -> Room:
    """Every page of the door. Pairing is for everybody, the rest for paired devices."""
    rooms = (events, scans, search)
    return Room(
        "/door",
        route_handlers=[
            *pairing.OPEN,
            Room(
                "/",
                route_handlers=[*pairing.ROUTES, *(handler for room in rooms for handler in room.ROUTES)],
                guards=[device_guard],
            ),
        ],
        exception_handlers={
            FoyerError: errors.refused,
            HTTPException: errors.unroutable,
            Exception: errors.broken,
        },
    )


__all__ = ["router"]
