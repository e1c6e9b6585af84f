"""Where the office begins, and where it ends."""

from litestar import get
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from foyer.kernel.access import declares, permission
from foyer.kernel.errors import NotFound


@get("/{path:path}", opt=declares(permission("events:view")), sync_to_thread=False)
def nothing_here(path: FromPath[str]) -> Redirect:
    """Whatever no page stands for.

    Raises:
        NotFound: always.
    """
    raise NotFound(f"There is no page at /office{path}.")


ROUTES: list[BaseRouteHandler] = [nothing_here]
