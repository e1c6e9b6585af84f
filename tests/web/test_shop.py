"""The shop's pages: what they show, what they refuse, what they keep of what was typed."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from foyer.domains.events.types import TicketTypeDraft, Visibility
from foyer.infra.db.engine import Database
from tests.support.world import make_event, running_app, settings_for
from tests.web.conftest import CONTACT, words


async def held(owner_sql, organization) -> int:
    query = "SELECT coalesce(sum(held), 0) FROM pools p WHERE organization_id = $1 AND id IN (SELECT pool_id FROM events)"
    return await owner_sql.fetchval(query, organization.id)


async def reserved(visitor, event, count: int = 2) -> str:
    """The path of a cart this visitor has made, below the shop."""
    answer = await visitor.reserve(event.slug, **{str(event.ticket_types[0].id): count})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix(f"/{visitor.shop.slug}")


async def test_home_lists_public_coming_events_and_nothing_else(
    visitor, database: Database, organization, stranger
):
    await make_event(database, organization, title="In the open")
    await make_event(database, organization, title="Not yet told", publish=False)
    await make_event(database, organization, title="By link only", visibility=Visibility.UNLISTED)
    await make_event(database, organization, title="For friends", visibility=Visibility.PRIVATE)
    await make_event(database, stranger, title="Somewhere else")

    page = (await visitor.open()).text

    assert "In the open" in page
    assert not any(
        title in page for title in ("Not yet told", "By link only", "For friends", "Somewhere else")
    )


async def test_search_and_category_work_without_a_script(visitor, database: Database, organization):
    await make_event(database, organization, title="Brass in the park", category="Music")
    await make_event(database, organization, title="Clay on the wheel", category="Workshop")

    found, chosen = (await visitor.open("?q=brass")).text, (await visitor.open("?category=Workshop")).text

    assert "Brass in the park" in found
    assert "Clay on the wheel" not in found
    assert "Clay on the wheel" in chosen
    assert "Brass in the park" not in chosen


async def test_home_shows_the_days_that_are_asked_for(visitor, database: Database, organization):
    soon = (datetime.now(UTC) + timedelta(days=5)).date()
    await make_event(database, organization, title="Brass in the park", start_date=soon, end_date=soon)
    await make_event(database, organization, title="Clay on the wheel")

    week, month, odd = [(await visitor.open(f"?days={days}")).text for days in ("7", "90", "soon")]

    assert "Brass in the park" in week
    assert "Clay on the wheel" not in week
    assert "Clay on the wheel" in month
    assert "Clay on the wheel" in odd


async def test_cursor_that_is_none_of_ours_opens_the_first_page(visitor, database: Database, organization):
    await make_event(database, organization, title="Brass in the park")

    for cursor in ("nonsense", "%00", "AAAA", "é"):
        page = await visitor.open(f"?cursor={cursor}")
        assert (page.status_code, "Brass in the park" in page.text) == (200, True), cursor
        assert "cursor" not in page.text


@pytest.mark.parametrize("count", ["9999999", "1" + 30 * "0", "9" * 5_000])
async def test_quantity_without_end_is_too_many(visitor, database, organization, owner_sql, count):
    event = await make_event(database, organization)
    form = {f"quantity-{event.ticket_types[0].id}": count}
    answer = await visitor.send(f"/events/{event.slug}/reserve", form)

    assert answer.status_code == 422
    assert "Choose at most" in answer.text
    assert "Choose at least one" not in answer.text
    assert await held(owner_sql, organization) == 0


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"visibility": Visibility.UNLISTED}, 200), ({"visibility": Visibility.PRIVATE}, 404), ({"publish": False}, 404),
    ],
)  # fmt: skip
async def test_direct_link_opens_what_it_may(visitor, database: Database, organization, changes, status):
    event = await make_event(database, organization, **changes)

    assert (await visitor.open(f"/events/{event.slug}")).status_code == status


async def test_hidden_types_are_not_on_the_page_and_cannot_be_reserved(
    visitor, database, organization, owner_sql
):
    event = await make_event(
        database, organization, TicketTypeDraft(name="Open", quantity=5, is_free=True),
        TicketTypeDraft(name="Backdoor", quantity=5, is_free=True, is_hidden=True, sort_order=1),
    )  # fmt: skip
    hidden = next(kind for kind in event.ticket_types if kind.is_hidden)

    page = await visitor.open(f"/events/{event.slug}")
    answer = await visitor.reserve(event.slug, **{str(hidden.id): 1})

    assert "Backdoor" not in page.text
    assert answer.status_code == 422
    assert await held(owner_sql, organization) == 0


async def test_former_slug_redirects_for_ever(visitor, database: Database, organization, owner_sql):
    event = await make_event(database, organization)
    former = f"{organization.slug}-old"
    add = "INSERT INTO organization_slugs (slug, organization_id, current) VALUES ($1, $2, false)"
    await owner_sql.execute(add, former, organization.id)

    home, page = (
        await visitor.http.get(f"/{former}"),
        await visitor.http.get(f"/{former}/events/{event.slug}"),
    )

    assert (home.status_code, home.headers["location"]) == (301, f"/{organization.slug}")
    assert (page.status_code, page.headers["location"]) == (301, f"/{organization.slug}/events/{event.slug}")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:8000"},
    ],
)  # fmt: skip
async def test_form_of_another_site_is_refused(visitor, database: Database, organization, owner_sql, headers):
    event = await make_event(database, organization)
    form = {f"quantity-{event.ticket_types[0].id}": "1"}

    answer = await visitor.send(f"/events/{event.slug}/reserve", form, **headers)

    assert answer.status_code == 403
    assert await held(owner_sql, organization) == 0


async def test_old_browser_is_known_by_its_origin(visitor, database: Database, organization):
    event = await make_event(database, organization)
    form = {f"quantity-{event.ticket_types[0].id}": "1"}
    path = f"/{organization.slug}/events/{event.slug}/reserve"

    own = await visitor.http.post(path, data=form, headers={"Origin": "http://localhost:8000"})
    foreign = await visitor.http.post(path, data=form, headers={"Origin": "http://localhost:8001"})
    silent = await visitor.http.post(path, data=form)

    assert (own.status_code, foreign.status_code, silent.status_code) == (303, 403, 403)


async def test_reserving_leads_to_checkout_with_a_signed_cookie(
    visitor, database: Database, organization, owner_sql
):
    event = await make_event(database, organization)

    answer = await visitor.reserve(event.slug, **{str(event.ticket_types[0].id): 2})

    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("foyer-shop=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    assert await held(owner_sql, organization) == 2
    assert "Free" in (await visitor.http.get(answer.headers["location"])).text


async def test_cookie_is_locked_to_the_host_on_https(app_url, tmp_path, database: Database, organization):
    event = await make_event(database, organization)
    async with running_app(settings_for(tmp_path, base_url="https://tickets.example.org"), app_url) as http:
        answer = await http.post(
            f"/{organization.slug}/events/{event.slug}/reserve",
            data={f"quantity-{event.ticket_types[0].id}": "1"},
            headers={"Sec-Fetch-Site": "same-origin"},
        )

    assert answer.headers["set-cookie"].startswith("__Host-foyer-shop=")
    assert "Secure" in answer.headers["set-cookie"]


async def test_choosing_again_changes_the_one_cart(visitor, database: Database, organization, owner_sql):
    event = await make_event(
        database, organization, TicketTypeDraft(name="One", quantity=10, is_free=True),
        TicketTypeDraft(name="Two", quantity=10, is_free=True, sort_order=1),
    )  # fmt: skip
    one, two = (str(kind.id) for kind in event.ticket_types)

    first = await visitor.reserve(event.slug, **{one: 3})
    second = await visitor.reserve(event.slug, **{two: 1})

    assert first.headers["location"] == second.headers["location"]
    assert await held(owner_sql, organization) == 1


async def test_refusal_stands_beside_the_stepper_with_what_was_typed(
    visitor, database, organization, owner_sql
):
    event = await make_event(database, organization, TicketTypeDraft(name="Seat", quantity=3, is_free=True))
    kind = event.ticket_types[0].id

    answer = await visitor.reserve(event.slug, **{str(kind): 5})

    assert answer.status_code == 409
    assert "Seat: only 3 left." in answer.text
    assert re.search(rf'id="quantity-{kind}"[^>]*value="5"', answer.text)
    assert await held(owner_sql, organization) == 0


@pytest.mark.parametrize("text", ["", "0", "-1", "two", "1.5", "١"])
async def test_nonsense_in_a_stepper_counts_as_nothing(
    visitor, database: Database, organization, owner_sql, text
):
    event = await make_event(database, organization)

    answer = await visitor.send(
        f"/events/{event.slug}/reserve", {f"quantity-{event.ticket_types[0].id}": text}
    )

    assert (answer.status_code, "Choose at least one ticket." in answer.text) == (422, True)
    assert await held(owner_sql, organization) == 0


async def test_cart_belongs_to_the_browser_that_made_it(
    visitor, other_visitor, database: Database, organization
):
    event = await make_event(database, organization)
    path = await reserved(visitor, event)
    forged = {"Cookie": "foyer-shop=" + "A" * 38}

    assert (await visitor.open(path)).status_code == 200
    assert (await other_visitor.open(path)).status_code == 404
    assert (await other_visitor.http.get(f"/{organization.slug}{path}", headers=forged)).status_code == 404
    assert (await other_visitor.send(f"{path}/checkout", CONTACT)).status_code == 404
    assert (await other_visitor.send(f"{path}/release", {})).status_code == 404
    assert (await visitor.open(path)).status_code == 200


async def test_errors_stand_beside_the_fields_and_nothing_typed_is_lost(
    visitor, database, organization, owner_sql
):
    event = await make_event(database, organization)
    path = await reserved(visitor, event)
    typed = {
        **CONTACT,
        "email": "mira@lund",
        "attendees-1-email": "no address",
        "attendees-1-firstName": "Åse & <Bo>",
    }

    answer = await visitor.send(f"{path}/checkout", typed)

    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert 'id="attendees-1-email-error"' in answer.text
    assert 'value="Åse &amp; &lt;Bo&gt;"' in answer.text
    assert 'value="Mira"' in answer.text
    assert (
        await owner_sql.fetchval("SELECT count(*) FROM orders WHERE organization_id = $1", organization.id)
        == 0
    )


async def test_confirming_twice_makes_one_order(visitor, database: Database, organization, owner_sql):
    event = await make_event(database, organization)
    path = await reserved(visitor, event)

    first, second = (
        await visitor.send(f"{path}/checkout", CONTACT),
        await visitor.send(f"{path}/checkout", CONTACT),
    )

    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert (
        await owner_sql.fetchval("SELECT count(*) FROM orders WHERE organization_id = $1", organization.id)
        == 1
    )
    assert (
        await owner_sql.fetchval("SELECT count(*) FROM tickets WHERE organization_id = $1", organization.id)
        == 2
    )
    assert (await visitor.open(path)).headers["location"] == first.headers["location"]


async def test_order_opens_with_its_whole_link_only(visitor, other_visitor, database: Database, organization):
    event = await make_event(database, organization)
    placed = await visitor.send(f"{await reserved(visitor, event)}/checkout", CONTACT)
    link = placed.headers["location"]
    bare, _, key = link.partition("?key=")

    assert (await other_visitor.http.get(link)).status_code == 200
    for wrong in (
        bare,
        f"{bare}?key=",
        f"{bare}?key={key[:-1]}",
        f"{bare}?key=fyc_{'A' * 43}",
        f"{bare}?key=ÿ",
    ):
        assert (await other_visitor.http.get(wrong)).status_code == 404


async def test_lapsed_cart_says_so(visitor, database: Database, organization, owner_sql):
    event = await make_event(database, organization)
    path = await reserved(visitor, event)
    lapse = (
        "UPDATE carts SET created_at = created_at - interval '1 hour', expires_at = foyer_now() WHERE id = $1"
    )
    await owner_sql.execute(lapse, UUID(path.rpartition("/")[2]))

    page, late = await visitor.open(path), await visitor.send(f"{path}/checkout", CONTACT)

    assert page.status_code == late.status_code == 410
    assert "went back on sale" in page.text
    again = await visitor.reserve(event.slug, **{str(event.ticket_types[0].id): 1})
    assert again.status_code == 303
    assert again.headers["location"] != f"/{organization.slug}{path}"


async def test_places_can_be_given_back(visitor, database: Database, organization, owner_sql):
    event = await make_event(database, organization)
    path = await reserved(visitor, event)

    answer = await visitor.send(f"{path}/release", {})

    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/{organization.slug}/events/{event.slug}",
    )
    assert await held(owner_sql, organization) == 0
    page = await visitor.open(path)
    assert page.status_code == 410
    assert "You gave these places back No money was taken. The same tickets are still there" in words(
        page.text
    )
    assert "The time to order ended" not in page.text


async def test_address_of_a_form_that_came_back_leads_to_its_page(visitor, database: Database, organization):
    event = await make_event(database, organization)
    path = await reserved(visitor, event)

    cart, page = await visitor.open(f"{path}/checkout"), await visitor.open(f"/events/{event.slug}/reserve")

    assert (cart.status_code, cart.headers["location"]) == (303, f"/{organization.slug}{path}")
    assert (page.status_code, page.headers["location"]) == (303, f"/{organization.slug}/events/{event.slug}")


async def test_every_date_of_a_series_is_a_step_away(database, organization, visitor):
    first = await make_event(database, organization, series="Run", title="A night")
    last = await make_event(database, organization, series="Run", title="Another <night>", start_time="20:00")
    page = (await visitor.open(f"/events/{last.slug}")).text

    ways = re.findall(r'<a class="chip" href="([^"]+)"( aria-current="page")?><time', page)
    path = f"/{organization.slug}/events/"
    assert ways == [(path + first.slug, ""), (path + last.slug, ' aria-current="page"')]
    assert page.count("Another &lt;night&gt;") > 0
    alone = await make_event(database, organization)
    assert "All dates" not in (await visitor.open(f"/events/{alone.slug}")).text
