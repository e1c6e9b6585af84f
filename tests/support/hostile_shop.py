"""A shop whose organizer types markup into everything, for the pages of every face."""

from foyer.domains.events import create_tax_rate
from foyer.domains.events.types import TaxRateDraft, TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.support.hostile import MARKUP, nasty
from tests.support.world import Organization, make_event, make_organization


async def hostile_shop(database: Database, events: int = 6) -> Organization:
    """An organization with events, ticket types and taxes whose every text is hostile, each in its own way."""
    shop = await make_organization(database, name=nasty(120, 1), refund_policy=" ".join(MARKUP)[:2000])
    for number in range(events):
        turn = 11 * number
        async with database.write(shop.id) as tx:
            draft = TaxRateDraft(name=nasty(60, turn), rate_percentage=19, inclusive=number % 2 == 0)
            rate = await create_tax_rate(tx, draft, actor=shop.owner)
        types = [
            TicketTypeDraft(
                name=nasty(120, turn + kind), description=nasty(1000, turn + kind), quantity=20, price=100 * kind,
                sort_order=kind, tax_rate_id=rate.id if kind else None,
            )
            for kind in range(3)
        ]  # fmt: skip
        await make_event(
            database, shop, *types, title=nasty(140, turn), short_description=nasty(280, turn + 1), category=nasty(60, turn + 2),
            venue_name=nasty(120, turn + 3), address=nasty(120, turn + 4), city=nasty(80, turn + 5), state=nasty(80, turn + 6),
            seo_title=nasty(140, turn + 7), seo_description=nasty(280, turn + 8), slug=f"event-{number}", tags=[nasty(40, turn)],
            description="".join(f"<p>{one}</p>" for one in MARKUP[number::events])[:20_000],
        )  # fmt: skip
    return shop


def hostile_buyer(number: int) -> dict[str, str]:
    """The form of a checkout as somebody fills it who means harm."""
    return {
        "firstName": nasty(100, number), "lastName": nasty(100, number + 7), "email": "mira@lund.example",
        "attendees-0-firstName": nasty(100, number + 3), "attendees-0-lastName": nasty(100, number + 5),
    }  # fmt: skip
