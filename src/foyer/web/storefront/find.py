"""Links to what was ordered, sent to the address it was ordered with."""

from datetime import timedelta
from typing import Final

from litestar import Response, get, post
from litestar.params import FromPath

from foyer.domains.customers import seek_orders
from foyer.domains.identity import take_turns
from foyer.domains.identity.types import Limit
from foyer.kernel.access import PUBLIC, declares
from foyer.kernel.actor import visitor
from foyer.kernel.errors import Finding, Invalid, RateLimited
from foyer.web.shared.client import network_of
from foyer.web.shared.pages import FindOrdersPage
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.visitor import desks

PAGE = "shop/find_orders.html"
FROM_NETWORK: Final = Limit("order look-up", 300, timedelta(hours=1))
"""So many that a crowd before a door, behind one address, finds its tickets; and nobody tries out a list of addresses."""


@get("/{slug:str}/orders", opt=declares(PUBLIC))
async def find_form(request: AnyRequest, slug: FromPath[str]) -> Response[str]:
    return drawn(PAGE, FindOrdersPage(shop=await desks(request).window.shop(slug)))


@post("/{slug:str}/orders", opt=declares(PUBLIC), status_code=200)
async def find(request: AnyRequest, slug: FromPath[str]) -> Response[str]:
    """The answer is the same whether anything was ordered or not; only the mailbox tells."""
    shop = await desks(request).window.shop(slug)
    typed = (await request.form()).get("email")
    email = typed if isinstance(typed, str) else ""
    try:
        await take_turns(desks(request).database, (FROM_NETWORK, network_of(request)))
        async with desks(request).database.write(shop.id) as tx:
            await seek_orders(tx, email, actor=visitor(shop.id))
    except (Invalid, RateLimited) as refused:
        finding = Finding("email", refused.detail, refused.code)
        page = FindOrdersPage(shop=shop, email=email, finding=finding)
        wait = refused.retry_after_seconds
        headers = {} if wait is None else {"Retry-After": str(wait)}
        return drawn(PAGE, page, status=refused.status, headers=headers)
    return drawn(PAGE, FindOrdersPage(shop=shop, email=email.strip(), is_sent=True))


ROUTES = [find_form, find]
