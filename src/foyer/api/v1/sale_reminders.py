"""Being told when a sale opens: asked for by buyers, taken back by them."""

from typing import Final
from uuid import UUID

from litestar import delete, post
from litestar.params import FromPath

from foyer.api.access import PUBLIC, declares, holder
from foyer.api.requests import AnyRequest, bearer, desks, read, read_nothing
from foyer.api.v1.holding import shop_of
from foyer.domains.identity import take_turns
from foyer.domains.waiting import REMINDERS, ask_reminder, drop_reminder
from foyer.domains.waiting.errors import no_reminder
from foyer.domains.waiting.types import Reminder, ReminderWish
from foyer.infra.network import network_of
from foyer.kernel.actor import visitor
from foyer.kernel.errors import Conflict, NotOnSale, RateLimited
from foyer.kernel.language import LANGUAGES, preferred

REMINDER: Final = "reminder"


@post(
    "/shops/{slug:str}/sale-reminders",
    opt=declares(PUBLIC, body=ReminderWish, refuses=(NotOnSale, Conflict, RateLimited)),
    status_code=202,
)
async def remind_me(request: AnyRequest, slug: FromPath[str]) -> Reminder:
    """Ask for one mail when the sale of a ticket type opens: how to take that back is sent to the address at once.

    Asking again changes nothing, and the answer does not tell whether the address had asked before.
    """
    wish = await read(request, ReminderWish)
    await take_turns(desks(request).database, (REMINDERS, network_of(request)))
    shop = await shop_of(request, slug)
    language = preferred(request.headers.get("accept-language")) or LANGUAGES[0]
    async with desks(request).database.write(shop.id) as tx:
        return await ask_reminder(tx, wish, language=language, actor=visitor(shop.id))


@delete(
    "/shops/{slug:str}/sale-reminders/{reminder_id:uuid}", opt=declares(holder(REMINDER)), status_code=204
)
async def take_back(request: AnyRequest, slug: FromPath[str], reminder_id: FromPath[UUID]) -> None:
    """Take a reminder back. Once it was sent, or taken back, this changes nothing."""
    await read_nothing(request)
    shop = await shop_of(request, slug)
    if not desks(request).keyring.is_holder_token(bearer(request) or "", REMINDER, shop.id, reminder_id):
        raise no_reminder()
    async with desks(request).database.write(shop.id) as tx:
        await drop_reminder(tx, reminder_id)


ROUTES = [remind_me, take_back]
