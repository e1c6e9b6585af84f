"""No more reminders: the link in each of them, followed by a person or by a mail program."""

from typing import Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from foyer.domains.notifications import stop_reminders
from foyer.domains.organizations.types import Shop
from foyer.kernel.access import declares, holder
from foyer.kernel.errors import NotFound
from foyer.kernel.language import said
from foyer.web.shared.origin import ONE_CLICK
from foyer.web.shared.pages import RemindersPage
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.visitor import desks

MAIL: Final = "mail"
PAGE: Final = "shop/reminders.html"
ADDRESS: Final = "/{slug:str}/reminders/{mail_id:uuid}"


@get(ADDRESS, opt=declares(holder(MAIL)))
async def ask(
    request: AnyRequest, slug: FromPath[str], mail_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[str]:
    """Ask first: programs follow links to see what is behind them."""
    shop = await _held(request, slug, mail_id, key)
    return drawn(PAGE, RemindersPage(shop=shop, mail_id=mail_id, key=key or ""))


@post(ADDRESS, opt={**declares(holder(MAIL)), ONE_CLICK: True}, status_code=200)
async def stop(
    request: AnyRequest, slug: FromPath[str], mail_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[str]:
    shop = await _held(request, slug, mail_id, key)
    async with desks(request).database.write(shop.id) as tx:
        await stop_reminders(tx, mail_id, desks(request).keyring)
    return drawn(PAGE, RemindersPage(shop=shop, mail_id=mail_id, key=key or "", is_done=True))


async def _held(request: AnyRequest, slug: str, mail_id: UUID, key: str | None) -> Shop:
    shop = await desks(request).window.shop(slug)
    if not desks(request).keyring.is_holder_token(key or "", MAIL, shop.id, mail_id):
        raise NotFound(said("There is no such mail, or this is not the whole link in it."))
    return shop


ROUTES = [ask, stop]
