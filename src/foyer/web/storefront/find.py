"""Links to what was ordered, sent to the address it was ordered with."""

from litestar import Response, get, post
from litestar.params import FromPath

from foyer.domains.customers import seek_orders
from foyer.kernel.access import PUBLIC, declares
from foyer.kernel.actor import visitor
from foyer.kernel.errors import Finding, Invalid
from foyer.web.shared.pages import FindOrdersPage
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.visitor import desks

PAGE = "shop/find_orders.html"


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
        async with desks(request).database.write(shop.id) as tx:
            await seek_orders(tx, email, actor=visitor(shop.id))
    except Invalid as refused:
        finding = Finding("email", refused.detail, refused.code)
        return drawn(PAGE, FindOrdersPage(shop=shop, email=email, finding=finding), status=refused.status)
    return drawn(PAGE, FindOrdersPage(shop=shop, email=email.strip(), is_sent=True))


ROUTES = [find_form, find]
