"""A mail when a sale opens: asked for on the event's page, taken back by the link in the mail that comes at once."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.identity.types import Limit
from foyer.web.storefront import sale_reminders
from tests.support.waiting import not_yet, reminded
from tests.support.world import KEYRING, make_event
from tests.web.conftest import words
from tests.web.seat import form_of

JO = "jo@example.org"


async def standing(owner_sql, organization):
    query = "SELECT language, ticket_type_id FROM sale_reminders WHERE organization_id = $1 ORDER BY id"
    return [tuple(row) for row in await owner_sql.fetch(query, organization.id)]


async def asked(visitor, event, email=JO, **headers):
    """Fill in the form of the event's page, as a browser without scripts does."""
    action = f"/{visitor.shop.slug}/events/{event.slug}/sale-reminders"
    page = (await visitor.open(f"/events/{event.slug}")).text
    fields = {name: value for name, (value, *_) in form_of(page, action).items()}
    return await visitor.send(
        f"/events/{event.slug}/sale-reminders", {**fields, "remind-email": email}, **headers
    )


async def test_asking_twice_is_answered_alike_and_remembered_once(visitor, database, organization, owner_sql):
    event = await not_yet(database, organization)

    first = await asked(visitor, event, **{"Accept-Language": "de"})
    again = await asked(visitor, event, **{"Accept-Language": "de"})

    assert (first.status_code, "Wir schreiben Ihnen zum Verkaufsstart" in first.text) == (200, True)
    assert again.text == first.text, "nothing tells whose address is known"
    assert await standing(owner_sql, organization) == [("de", event.ticket_types[0].id)]


async def test_of_several_openings_one_is_chosen(visitor, database, organization, owner_sql):
    event = await not_yet(database, organization, count=2)
    page = (await visitor.open(f"/events/{event.slug}")).text
    assert page.count('<option value="') == 2

    later = event.ticket_types[1].id
    form = {"remind-type": str(later), "remind-email": JO}
    assert (await visitor.send(f"/events/{event.slug}/sale-reminders", form)).status_code == 200
    assert await standing(owner_sql, organization) == [("en", later)]


@pytest.mark.parametrize("changes", [{"remind-email": "nobody"}, {"remind-type": "x"}])
async def test_what_was_typed_comes_back_with_what_is_wrong(
    visitor, database, organization, owner_sql, changes
):
    event = await not_yet(database, organization, count=2)
    form = {"remind-type": str(event.ticket_types[0].id), "remind-email": JO, **changes}

    answer = await visitor.send(f"/events/{event.slug}/sale-reminders", form)

    assert answer.status_code == 422
    assert f'id="{next(iter(changes))}-error"' in answer.text
    assert form["remind-email"] in answer.text
    assert await standing(owner_sql, organization) == []


async def test_nobody_is_reminded_of_what_can_be_had(visitor, database, organization, owner_sql):
    event = await make_event(database, organization, TicketTypeDraft(name="Seat", quantity=2, price=1_000))
    assert 'id="remind"' not in (await visitor.open(f"/events/{event.slug}")).text
    form = {"remind-type": str(event.ticket_types[0].id), "remind-email": JO}

    answer = await visitor.send(f"/events/{event.slug}/sale-reminders", form)

    assert (answer.status_code, "has begun" in words(answer.text)) == (409, True)
    assert await standing(owner_sql, organization) == []


async def test_network_that_asks_too_often_waits(visitor, database, organization, owner_sql, monkeypatch):
    monkeypatch.setattr(sale_reminders, "REMINDERS", Limit("few reminders", 1, timedelta(hours=1)))
    event = await not_yet(database, organization)
    assert (await asked(visitor, event)).status_code == 200

    answer = await asked(visitor, event, "ida@example.org")

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert len(await standing(owner_sql, organization)) == 1


async def test_reminder_is_taken_back_with_its_link_and_never_without(
    visitor, database, organization, owner_sql
):
    reminder_id = await reminded(database, organization)
    at, key = f"/sale-reminders/{reminder_id}", KEYRING.holder_token("reminder", organization.id, reminder_id)
    wrong = KEYRING.holder_token("waiting", organization.id, reminder_id)
    for end in ("", "?key=", "?key=fyc_x", f"?key={wrong}"):
        assert (await visitor.open(f"{at}{end}")).status_code == 404
        assert (await visitor.send(f"{at}{end}", {})).status_code == 404
    assert "Take the reminder back?" in (await visitor.open(f"{at}?key={key}")).text
    assert len(await standing(owner_sql, organization)) == 1, "looking changes nothing"

    for _ in range(2):
        answer = await visitor.send(f"{at}?key={key}", {})
        assert (answer.status_code, "No reminder" in answer.text) == (200, True)

    assert await standing(owner_sql, organization) == []


async def test_opening_is_kept_in_a_calendar_until_it_is_past(visitor, database, organization):
    event = await not_yet(database, organization)
    on_sale = await make_event(database, organization, TicketTypeDraft(name="Seat", quantity=2, price=1_000))

    kept = await visitor.open(f"/events/{event.slug}/sale.ics")

    (entry,) = Calendar.from_ical(kept.content).walk("VEVENT")
    assert entry["dtstart"].dt == event.ticket_types[0].sales_start_date.replace(microsecond=0)
    assert (str(entry["summary"]), entry["uid"]) == (
        f"Tickets go on sale: {event.title}",
        f"{event.id}-sale@foyer",
    )
    assert len(entry.walk("VALARM")) == 1
    assert (await visitor.open(f"/events/{on_sale.slug}/sale.ics")).status_code == 404
