"""The door: a phone that admits. Every page works without a script; with one, the phone's camera reads the tickets."""

from litestar import Router
from litestar.exceptions import HTTPException

from foyer.kernel.errors import FoyerError
from foyer.web.door import errors, events, pairing, scans, search
from foyer.web.door.device import device_guard


def router() -> Router:
    """Every page of the door. Pairing is for everybody, the rest for paired devices."""
    rooms = (events, scans, search)
    return Router(
        "/door",
        route_handlers=[
            *pairing.OPEN,
            Router(
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
