"""The visitor: a signed cookie that names the one live cart of each event, and links that open their orders."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, cast
from uuid import UUID

from litestar.datastructures import Cookie

from foyer.domains.checkout import Desks
from foyer.domains.orders.types import Order
from foyer.domains.organizations.types import Shop
from foyer.infra.http import Receive, is_gone
from foyer.infra.press import Workshop
from foyer.infra.wallets import Wallets
from foyer.settings import Settings
from foyer.web.shared.render import AnyRequest

DAY_SECONDS: Final = 86_400


def desks(request: AnyRequest) -> Desks:
    # No cast: that is a call, and pages that are drawn already ask here twice.
    found: Desks = request.app.state.desks
    return found


def workshop(request: AnyRequest) -> Workshop:
    """Where files are kept and documents are made."""
    return cast("Workshop", request.app.state.workshop)


def wallets(request: AnyRequest) -> Wallets:
    """The wallets of phones that tickets can be put into."""
    return cast("Wallets", request.app.state.wallets)


def base_url(request: AnyRequest) -> str:
    """How the world reaches this installation, for addresses that leave it."""
    return cast("Settings", request.app.state.settings).base_url


def cookie_name(request: AnyRequest, name: str, promise: str) -> str:
    """The name of a cookie, which on https itself makes a promise: `__Host-` that no other host or path has set it."""
    settings = cast("Settings", request.app.state.settings)
    return f"{promise}{name}" if settings.is_https else name


def cookie_in(cookies: str, name: str) -> str | None:
    """What a `Cookie` header has under a name, as it stands there."""
    for one in cookies.split(";"):
        known, _, value = one.strip().partition("=")
        if known == name:
            return value
    return None


def _name(request: AnyRequest) -> str:
    return cookie_name(request, "foyer-shop", "__Host-")


def session_of(request: AnyRequest) -> str | None:
    """The session this browser was given; None for a new one, or for anything we did not sign."""
    text = request.cookies.get(_name(request))
    return text if text and desks(request).keyring.is_session(text) else None


def leaving(request: AnyRequest) -> Callable[[], Awaitable[bool]]:
    """The question whether this visitor has left, for a queue to ask."""
    return partial(is_gone, cast("Receive", request.receive))


def session_cookie(request: AnyRequest, session_id: str) -> Cookie:
    return _kept(_name(request), session_id)


def _kept(name: str, value: str) -> Cookie:
    """A cookie for the whole site, out of reach of scripts, for a month; without a value it is taken back."""
    return Cookie(
        key=name,
        value=value,
        path="/",
        httponly=True,
        secure=name.startswith("__"),
        samesite="lax",
        max_age=30 * DAY_SECONDS if value else 0,
    )


def _buyer_name(request: AnyRequest, shop: Shop) -> str:
    """A name for each shop: who buys at two of one installation is signed in at both."""
    return cookie_name(request, f"foyer-buyer-{shop.id.hex}", "__Host-")


def buyer_token(request: AnyRequest, shop: Shop) -> str:
    """What this browser says it is signed in with at a shop; nothing where it does not say."""
    return request.cookies.get(_buyer_name(request, shop), "")


def buyer_cookie(request: AnyRequest, shop: Shop, token: str) -> Cookie:
    """The cookie of a buyer's session; without a token it is taken back."""
    return _kept(_buyer_name(request, shop), token)


def order_href(request: AnyRequest, shop: Shop, order: Order) -> str:
    """The whole link to an order; whoever has it holds the order."""
    key = desks(request).keyring.holder_token("order", shop.id, order.id, order.generation)
    return f"/{shop.slug}/orders/{order.id}?key={key}"


def ticket_href(request: AnyRequest, shop: Shop, ticket_id: UUID, generation: int) -> str:
    """The whole link to a ticket; whoever has it holds the ticket, until it is handed on."""
    key = desks(request).keyring.holder_token("ticket", shop.id, ticket_id, generation)
    return f"/{shop.slug}/tickets/{ticket_id}?key={key}"
