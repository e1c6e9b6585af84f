"""What a worker does for mail."""

from typing import Any, Final
from uuid import UUID

import structlog

from foyer.domains.notifications.actions import REMINDED_MAX, SEND, TELL_GUESTS, remind_of_carts, tell_of_sale
from foyer.infra.jobs import Cron, Job, Tools

HOUSES_MAX: Final = 100
SALES_MAX: Final = 100

log = structlog.get_logger("foyer.mail")


async def remind(tools: Tools) -> None:
    """Look for carts that were left behind, in every house that wants to write about them."""
    for row in await tools.database.look_up("due_reminders", HOUSES_MAX):
        organization_id: UUID = row[0]
        try:
            async with tools.database.write(organization_id) as tx:
                await remind_of_carts(tx, tools.keyring)
        except Exception:
            log.exception("carts could not be reminded of", organization_id=organization_id)


async def tell_of_sales(tools: Tools) -> None:
    """Look for sales that have opened and that somebody wanted to hear of; any number of workers may do this at once."""
    for row in await tools.database.look_up("due_sale_reminders", SALES_MAX):
        organization_id, event_id, type_id = row
        told = REMINDED_MAX
        try:
            while told == REMINDED_MAX:
                async with tools.database.write(organization_id) as tx:
                    told = await tell_of_sale(tx, event_id, type_id)
        except Exception:
            log.exception(
                "nobody could be told of a sale", organization_id=organization_id, event_id=event_id
            )


JOBS: Final[tuple[Job[Any], ...]] = (SEND, TELL_GUESTS)
CRON: Final[tuple[Cron, ...]] = (Cron("mail.remind", 60, remind), Cron("mail.sales", 15, tell_of_sales))
