"""Pictures of an event: the one on top of its page, and the gallery."""

from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec.structs import replace

from foyer.domains.events import edit_event, event_for_staff
from foyer.domains.events.types import EventDraft
from foyer.domains.organizations import keep_image
from foyer.infra.files import UPLOAD_BYTES_MAX
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import FoyerError, Invalid
from foyer.web.office.events import overview
from foyer.web.office.forms import Form, is_answerable, sent
from foyer.web.shared.render import AnyRequest
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks, workshop

GALLERY_MAX = 20


@post(
    "/events/{event_id:uuid}/pictures",
    opt=declares(permission("events:edit")),
    request_max_body_size=UPLOAD_BYTES_MAX + 64 * 1024,
)
async def save_pictures(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Any]:
    """Put an upload in its place, or take a picture away; what is at the event is changed at once."""
    here, form = staff(request), await sent(request)
    database = desks(request).database
    try:
        async with database.read(here.shop.id) as tx:
            await event_for_staff(tx, event_id)
        address = await _kept(request, form)
        async with database.write(here.shop.id) as tx:
            await edit_event(tx, event_id, lambda draft: _changed(draft, form, address), actor=here.actor)
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        async with database.read(here.shop.id) as tx:
            return await overview(request, tx, event_id, refused=refused)
    return Redirect(f"/office/events/{event_id}?done=saved#pictures", status_code=303)


async def _kept(request: AnyRequest, form: Form) -> str | None:
    """The address of the picture that was sent; None where the form only takes one away."""
    if form.text("remove"):
        return None
    upload = form.file("picture")
    if upload is None:
        raise Invalid("Choose a picture first: a PNG, JPEG or WebP file.", field="picture")
    content = await upload.read()
    house = workshop(request)
    kept = await keep_image(house.database, house.files, content, actor=staff(request).actor, field="picture")
    return kept.address


def _changed(draft: EventDraft, form: Form, address: str | None) -> EventDraft:
    """The event with the picture in its place.

    Raises:
        Invalid: the gallery is full.
    """
    gone, gallery = form.text("remove"), list(draft.gallery_images)
    if address is None:
        cover = None if draft.featured_image == gone else draft.featured_image
        return replace(draft, featured_image=cover, gallery_images=[one for one in gallery if one != gone])
    if form.text("place") != "gallery":
        return replace(draft, featured_image=address)
    if len(gallery) >= GALLERY_MAX:
        raise Invalid(f"A gallery has at most {GALLERY_MAX} pictures; take one away first.", field="picture")
    return replace(draft, gallery_images=[*gallery, *([] if address in gallery else [address])])


ROUTES: list[BaseRouteHandler] = [save_pictures]
