"""Looking around in a shop: what its home says of events, and how an event's page sorts what is gone."""

import re
from datetime import UTC, datetime, timedelta

from foyer.domains.events.types import TicketTypeDraft
from tests.support.world import make_event, make_organization

NOW = datetime.now(UTC)
GONE = TicketTypeDraft(name="First pass", quantity=0, price=2_000, sort_order=0)
ENDED = TicketTypeDraft(
    name="Early pass", quantity=9, price=1_500, sort_order=1, sales_end_date=NOW - timedelta(days=1)
)
OPEN = TicketTypeDraft(name="Pass", quantity=900, price=2_500, sort_order=2)
HEADING = re.compile(r'<h2 class="h3" id="month-\d">([^<]+)</h2>')
CARD = re.compile(r'<h3 class="h4">[^>]*>(\w+)</a>(.*?)</li>', re.DOTALL)
NAMES = re.compile(r'<div class="type-what">\s*<h3 dir="auto">([^<]+)</h3>')


def in_days(count: int, lasts: int = 0) -> dict[str, object]:
    day = (NOW + timedelta(days=count)).date()
    return {"start_date": day, "end_date": day + timedelta(days=lasts)}


async def test_a_handful_of_events_stands_together_and_more_stand_by_month(visitor, database, organization):
    for count in range(4):
        await make_event(
            database, organization, title=f"Night {count}", category="A", **in_days(20 + 31 * count)
        )
    few, found = (await visitor.open()).text, (await visitor.open("?category=A")).text
    await make_event(database, organization, title="Far off", category="B", **in_days(390))
    far = (await visitor.open()).text

    assert HEADING.findall(few) == ["Coming up"], "the first stands large, above them"
    assert HEADING.findall(found) == ["4 events"]
    assert len(HEADING.findall(far)) == 4, "a day and its month do not tell one year from the next"


async def test_home_says_what_is_in_a_price_and_what_is_nearly_gone(visitor, database, organization):
    few = TicketTypeDraft(name="Seat", quantity=20, price=900)
    dear = await make_organization(database, service_fee_bps=500)
    await make_event(database, dear, OPEN)
    await make_event(database, organization, OPEN, title="Large", **in_days(3))
    await make_event(database, organization, few, title="Small", **in_days(5, 2))
    await make_event(database, organization, GONE, title="Taken", **in_days(6))
    page, with_fees = (await visitor.open()).text, (await visitor.http.get(f"/{dear.slug}")).text

    cards = dict(CARD.findall(page))
    assert ("Fees included" in page, "Fees included" in with_fees) == (False, True)
    assert ("Last tickets" in cards["Small"], "Last tickets" in cards["Taken"]) == (True, False)
    assert "until " in cards["Small"]
    assert '#waiting">Waiting list</a>' in cards["Taken"]


async def test_what_nobody_can_have_any_more_stands_last_and_what_is_gone_leads_to_its_list(
    visitor, database, organization
):
    event = await make_event(database, organization, GONE, ENDED, OPEN)
    page = (await visitor.open(f"/events/{event.slug}")).text
    wanted = {
        "waiting-type": str(event.ticket_types[0].id),
        "waiting-quantity": "1",
        "waiting-email": "no address",
    }
    refused = await visitor.send(f"/events/{event.slug}/waiting-list", wanted)

    assert NAMES.findall(page) == ["First pass", "Pass", "Early pass"]
    assert re.findall(r'href="#waiting"[^>]* data-wait-for="([^"]+)"', page) == [
        str(event.ticket_types[0].id)
    ]
    assert 'class="card waiting is-folded" id="waiting"' in page
    assert (refused.status_code, 'class="card waiting" id="waiting"' in refused.text) == (422, True)


async def test_refused_reminder_leaves_the_waiting_list_folded(visitor, database, organization):
    later = TicketTypeDraft(
        name="Late pass",
        quantity=5,
        sort_order=3,
        price=500,
        sales_start_date=datetime(2098, 1, 1, tzinfo=UTC),
    )
    event = await make_event(database, organization, GONE, OPEN, later)
    wanted = {"remind-type": str(event.ticket_types[2].id), "remind-email": "no address"}

    refused = await visitor.send(f"/events/{event.slug}/sale-reminders", wanted)

    assert (refused.status_code, 'value="no address"' in refused.text) == (422, True)
    assert 'class="card waiting is-folded" id="waiting"' in refused.text


async def test_short_policy_stands_in_its_line_and_a_long_one_folds(visitor, database):
    folds = []
    for policy in ("Full refund until 11 May.", "Half of it back. " * 9):
        shop = await make_organization(database, refund_policy=policy)
        event = await make_event(database, shop)
        page = (await visitor.http.get(f"/{shop.slug}/events/{event.slug}")).text
        folds.append(("fold-line" in page, '<details class="card fold">' in page))

    assert folds == [(True, False), (False, True)]
