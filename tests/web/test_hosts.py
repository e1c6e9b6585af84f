"""C9: nothing that is sent, shown or followed is made of what a request says of its own host, and nothing breaks over it."""

from itertools import product
from uuid import UUID

import pytest

from foyer.domains.events.types import TicketTypeDraft
from tests.support.world import make_event
from tests.web.desk import at_desk
from tests.web.doors import new_device
from tests.web.test_papers import beside
from tests.web.test_ticket import LINK

HOSTS = (
    "evil.example", "evil.example:8000", "localhost:8000.evil.example", "localhost:8000@evil.example", "localhost:8000, evil.example",
    "evil.example#", "evil.example/x?", "evil.example\\.x", "[::1]evil.example", "evil.example:99999", "evil.example:-1",
)  # fmt: skip
HEADERS = (
    "X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "X-Original-Host", "X-HTTP-Host-Override", "X-Forwarded-Proto", "X-Forwarded-Port",
    "X-Forwarded-Prefix", "X-Forwarded-Scheme", "X-Forwarded-For", "X-Real-IP", "X-Original-URL", "X-Rewrite-URL", "X-Script-Name", "Via",
)  # fmt: skip
FORWARDED = ("host=evil.example", "for=1.2.3.4;host=evil.example;proto=https", 'host="evil.example:8000"')
# Headers that none of our code may believe come together: whichever is believed shows.
VARIANTS = [
    *({"Host": host} for host in HOSTS),
    *(dict.fromkeys(HEADERS, value) for value in ("evil.example", "//evil.example/x")),
    *({"Forwarded": value} for value in FORWARDED),
]


@pytest.fixture
async def addresses(visitor, client, database, organization, owner_sql):
    """Every kind of page that shows a whole link, and every address that leads on to another."""
    kind = TicketTypeDraft(name="Seat", quantity=9, is_free=True)
    event = await make_event(database, organization, kind, title="Lantern Night", slug="night")
    order = await visitor.order(event, 1)
    ticket = LINK.findall((await visitor.http.get(order)).text)[0]
    device, _ = await new_device(database, organization)
    former = f"{organization.slug}-old"
    add = "INSERT INTO organization_slugs (slug, organization_id, current) VALUES ($1, $2, false)"
    await owner_sql.execute(add, former, organization.id)
    shop = f"/{organization.slug}"
    return [
        "/", shop, f"/{former}", f"{shop}/events/night", f"{shop}/events/night/calendar.ics", f"{shop}/events/night/widget", "/robots.txt", f"{shop}/sitemap.xml", f"{shop}/events/night/reserve", f"{shop}/events/night/tickets", f"{shop}/orders",
        order, beside(order, "calendar.ics"), ticket, f"/office/check-in/devices/{device}", "/office/orders", "/sign-in", "/sign-up", "/door",
        "/no/where", "/api/v1/no/where", f"/api/v1{shop}",
    ]  # fmt: skip


async def test_no_page_and_no_redirect_is_made_of_a_host(client, database, organization, addresses):
    async with at_desk(client, database, organization) as desk:
        plain = {path: await desk.http.get(path) for path in addresses}
        assert {answer.status_code for answer in plain.values()} == {200, 301, 303, 404}
        for variant, path in product(VARIANTS, addresses):
            answer = await desk.http.get(path, headers=variant)

            assert answer.status_code in {plain[path].status_code, 400}, (variant, path)
            assert "evil" not in answer.text + str(answer.headers), (variant, path)
            if answer.status_code != 400:
                assert answer.headers.get("location") == plain[path].headers.get("location"), (variant, path)
            assert answer.headers["x-content-type-options"] == "nosniff", (variant, path)


async def test_what_causes_a_mail_keeps_nothing_of_a_host(visitor, database, organization, owner_sql):
    kind = TicketTypeDraft(name="Seat", quantity=90, is_free=True)
    event = await make_event(database, organization, kind)
    told = []
    for variant in VARIANTS[::2]:
        sent = {**variant, "Sec-Fetch-Site": "same-origin"}
        cart = await visitor.cart(event, 1)
        form = {"email": "mira@lund.example", "firstName": "Mira", "expectedTotal": "0"}
        placed = await visitor.http.post(f"/{organization.slug}{cart}/checkout", data=form, headers=sent)
        if placed.status_code == 400:
            continue
        assert placed.headers["location"].startswith(f"/{organization.slug}/orders/")
        bare, _, key = LINK.findall((await visitor.http.get(placed.headers["location"])).text)[0].partition(
            "?"
        )
        wish = {"email": "ida@example.org"}
        await visitor.http.post(f"{bare}/transfer?{key}", data=wish, headers=sent)
        await visitor.http.post(f"/{organization.slug}/orders", data={"email": form["email"]}, headers=sent)
        told.append(UUID(bare.rpartition("/")[2]))

    assert len(told) > 5
    rows = await owner_sql.fetch("SELECT f::text FROM facts f WHERE organization_id = $1", organization.id)
    kept = " ".join(row[0] for row in rows)
    assert all(str(one) in kept for one in told)
    assert "evil" not in kept
    orders = await owner_sql.fetch("SELECT o::text FROM orders o WHERE organization_id = $1", organization.id)
    assert "evil" not in " ".join(row[0] for row in orders)
    jobs = "SELECT count(*) FROM jobs.pgqueuer WHERE encode(payload, 'escape') LIKE '%evil%'"
    assert await owner_sql.fetchval(jobs) == 0
