"""Pages of the office: links that open an event, or a ticket type, which the shop does not show everybody."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from foyer.domains.events import access_links, create_access_link, event_for_staff, revoke_access_link
from foyer.domains.events.types import AccessLinkDraft
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import FoyerError
from foyer.web.office.events import returned
from foyer.web.office.forms import Form, is_answerable, require_read, sent
from foyer.web.office.frame import frame
from foyer.web.office.pages.access_links import AccessLinksPage
from foyer.web.office.pages.events import EventHead
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import base_url, desks


@get("/events/{event_id:uuid}/access", opt=declares(permission("events:view")))
async def show_links(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    return await _page(request, event_id)


@post("/events/{event_id:uuid}/access", opt=declares(permission("events:edit")))
async def add_link(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Any]:
    here, form, house = staff(request), await sent(request), desks(request)
    try:
        async with house.database.write(here.shop.id) as tx:
            draft = _read(form, (await event_for_staff(tx, event_id)).time_zone)
            require_read(form)
            await create_access_link(tx, event_id, draft, keyring=house.keyring, actor=here.actor)
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        return await _page(request, event_id, form, refused)
    return Redirect(f"/office/events/{event_id}/access?done=created", status_code=303)


@post("/events/{event_id:uuid}/access/{link_id:uuid}/revocation", opt=declares(permission("events:edit")))
async def remove_link(
    request: AnyRequest, event_id: FromPath[UUID], link_id: FromPath[UUID]
) -> Response[Any]:
    here = staff(request)
    async with desks(request).database.write(here.shop.id) as tx:
        await revoke_access_link(tx, event_id, link_id, actor=here.actor)
    return Redirect(f"/office/events/{event_id}/access?done=link-revoked", status_code=303)


async def _page(
    request: AnyRequest, event_id: UUID, form: Form | None = None, refused: FoyerError | None = None
) -> Response[str]:
    house, shop = desks(request), staff(request).shop
    async with house.database.read(shop.id) as tx:
        event = await event_for_staff(tx, event_id)
        links = await access_links(tx, event_id, keyring=house.keyring)
    page = AccessLinksPage(
        frame(request, "events"),
        EventHead(event, "access"),
        returned({}, 0, form, refused),
        links,
        address=f"{base_url(request)}/{shop.slug}/access/",
    )
    return drawn("office/access_links.html", page, status=refused.status if refused else 200)


def _read(form: Form, zone: str) -> AccessLinkDraft:
    kind = form.maybe("ticketTypeId")
    try:
        ticket_type_id = kind and UUID(kind)
    except ValueError:
        form.wrong("ticketTypeId", "Choose one of the list.")
        ticket_type_id = None
    return AccessLinkDraft(
        name=form.text("name"),
        ticket_type_id=ticket_type_id or None,
        expires_at=form.moment("expiresAt", zone),
    )


ROUTES: list[BaseRouteHandler] = [show_links, add_link, remove_link]
