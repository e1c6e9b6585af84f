"""Pages of the office: the numbers of today."""

from litestar import get
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect

from foyer.kernel.access import declares, permission


@get("/", opt=declares(permission("events:view")), sync_to_thread=False)
def today() -> Redirect:
    """Where the office begins until there are numbers to show."""
    return Redirect("/office/events", status_code=303)


ROUTES: list[BaseRouteHandler] = [today]
