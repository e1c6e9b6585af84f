"""Being told when a sale opens: asked for on the event's page, taken back by the link that comes by mail."""

from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from foyer.domains.carts import offer
from foyer.domains.identity import take_turns
from foyer.domains.organizations.types import Shop
from foyer.domains.tickets import CALENDAR, opening_calendar
from foyer.domains.waiting import REMINDERS, ask_reminder, drop_reminder
from foyer.domains.waiting.errors import no_reminder
from foyer.domains.waiting.types import ReminderWish
from foyer.infra.network import network_of
from foyer.kernel.access import PUBLIC, declares, holder
from foyer.kernel.actor import visitor
from foyer.kernel.errors import FoyerError, Invalid, NotFound
from foyer.kernel.language import said
from foyer.web.shared.origin import ONE_CLICK
from foyer.web.shared.pages import REMIND_EMAIL, REMIND_TYPE, NoReminderPage, OfferCard, ReminderPage
from foyer.web.shared.render import AnyRequest, drawn, paper
from foyer.web.shared.request import typed_into
from foyer.web.shared.visitor import base_url, desks
from foyer.web.shared.words import LANGUAGE, _
from foyer.web.storefront.access import seen
from foyer.web.storefront.browse import came_back

REMINDER: Final = "reminder"
PAGE: Final = "shop/no_reminder.html"
ADDRESS: Final = "/{slug:str}/sale-reminders/{reminder_id:uuid}"
ASK: Final = "/{slug:str}/events/{event_slug:str}/sale-reminders"
FIELDS: Final = {"ticketTypeId": REMIND_TYPE, "email": REMIND_EMAIL}


@get(ASK, opt=declares(PUBLIC), sync_to_thread=False)
def back_to_reminder(slug: FromPath[str], event_slug: FromPath[str]) -> Redirect:
    """Where the address of a form that came back is opened again."""
    return Redirect(f"/{quote(slug)}/events/{quote(event_slug)}#remind", status_code=303)


@get("/{slug:str}/events/{event_slug:str}/sale.ics", opt=declares(PUBLIC))
async def sale_in_calendar(
    request: AnyRequest, slug: FromPath[str], event_slug: FromPath[str]
) -> Response[bytes]:
    """The moment at which the sale opens, for a calendar."""
    shop = await desks(request).window.shop(slug)
    found = (await seen(request, shop, event_slug)).now
    opens_at, event = OfferCard.of(found).opens_at, found.event
    if opens_at is None:
        raise NotFound(said("This sale is not about to open."))
    address = f"{base_url(request)}/{shop.slug}/events/{event.slug}"
    summary = _("Tickets go on sale: %(event)s") % {"event": event.title}
    async with desks(request).database.read(shop.id) as tx:
        content = await opening_calendar(tx, event.id, opens_at, summary=summary, address=address)
    return paper(content, f"{event.slug}-sale.ics", CALENDAR)


@post(ASK, opt=declares(PUBLIC), status_code=200)
async def remind_me(request: AnyRequest, slug: FromPath[str], event_slug: FromPath[str]) -> Response[Any]:
    """Ask to be told when the sale opens; where that cannot be, the page comes back with what was typed."""
    house = desks(request)
    shop, form = await house.window.shop(slug), await typed_into(request)
    async with house.database.read(shop.id) as tx:
        found = await offer(tx, slug=event_slug)
    try:
        await take_turns(house.database, (REMINDERS, network_of(request)))
        wish = _wish(form, found.event.id)
        language = LANGUAGE.get()
        async with house.database.write(shop.id) as tx:
            reminder = await ask_reminder(tx, wish, language=language, actor=visitor(shop.id))
    except FoyerError as refused:
        if refused.status >= 500:
            raise
        return came_back(shop, found, form, refused, FIELDS)
    page = ReminderPage(shop=shop, event=found.event, reminder=reminder, email=wish.email.strip())
    return drawn("shop/reminder_set.html", page)


def _wish(form: dict[str, str], event_id: UUID) -> ReminderWish:
    try:
        kind = UUID(form.get(REMIND_TYPE, ""))
    except ValueError:
        raise Invalid(said("Choose of which tickets you want to hear."), field="ticketTypeId") from None
    return ReminderWish(event_id=event_id, ticket_type_id=kind, email=form.get(REMIND_EMAIL, ""))


@get(ADDRESS, opt=declares(holder(REMINDER)))
async def ask_back(
    request: AnyRequest, slug: FromPath[str], reminder_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[str]:
    """Ask first: programs follow links to see what is behind them."""
    shop = await _held(request, slug, reminder_id, key)
    return drawn(PAGE, NoReminderPage(shop=shop, reminder_id=reminder_id, key=key or ""))


@post(ADDRESS, opt={**declares(holder(REMINDER)), ONE_CLICK: True}, status_code=200)
async def take_back(
    request: AnyRequest, slug: FromPath[str], reminder_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[str]:
    """Take the reminder back. Twice is harmless."""
    shop = await _held(request, slug, reminder_id, key)
    async with desks(request).database.write(shop.id) as tx:
        await drop_reminder(tx, reminder_id)
    return drawn(PAGE, NoReminderPage(shop=shop, reminder_id=reminder_id, key=key or "", is_done=True))


async def _held(request: AnyRequest, slug: str, reminder_id: UUID, key: str | None) -> Shop:
    shop = await desks(request).window.shop(slug)
    if not desks(request).keyring.is_holder_token(key or "", REMINDER, shop.id, reminder_id):
        raise no_reminder()
    return shop


ROUTES = [sale_in_calendar, back_to_reminder, remind_me, ask_back, take_back]
