"""Ticket types, areas, codes, tax rates and settings in the office; who may, and who may not."""

import re
from uuid import uuid4

import pytest

from foyer.domains.events.types import TicketTypeDraft
from foyer.kernel.permissions import ROLES
from tests.access.test_routes import filled, routes
from tests.api.asking import untouched_by
from tests.support.world import make_event
from tests.web.conftest import words
from tests.web.seat import findings, form_of, seated, went_to

SEAT = TicketTypeDraft(name="Seat", quantity=40, price=1_050)
BALCONY = TicketTypeDraft(name="Balcony", quantity=10, price=2_000)
ODD = '<b>"Zoë" & نور الدين</b>'
MINE = {"events", "discounts", "tax-rates", "settings"}
BESIDES = {"/office/events/{event_id:uuid}/waiting-list/export": "customers:view"}
"""What a page asks for beside what it declares: who takes a list along has to be one who may see it."""


@pytest.fixture
async def seat(client, organization):
    async with seated(client, organization) as seat:
        yield seat


@pytest.fixture
def untouched(owner_sql):
    return untouched_by(owner_sql)


async def names(seat, at):
    return re.findall(r'/tickets/[0-9a-f-]{36}" dir="auto">([^<]*)</a>', await seat.open(at))


async def test_ticket_type_is_made_edited_moved_and_deleted(seat, database, owner_sql, untouched):
    event = await make_event(database, seat.organization, SEAT, publish=False)
    at = f"/office/events/{event.id}/tickets"
    rate = went_to(await seat.fill("/office/tax-rates/new", name="VAT", ratePercentage="19", inclusive="no"))
    rate = re.search(r'tax-rates/([0-9a-f-]{36})"', await seat.open(rate.partition("?")[0]))[1]
    form = {
        "name": ODD, "price": "12,50", "quantity": "1 200", "minPerOrder": "2", "maxPerOrder": "6", "isHidden": "on",
        "requiresApproval": "on", "taxRateId": rate, "description": "Row 1", "salesEndDate": "2026-12-01T10:00",
        "metadata": '{"seat": "ö"}',
    }  # fmt: skip
    went_to(await seat.fill(f"{at}/new", **form))
    made = await owner_sql.fetchrow(
        "SELECT t.*, p.capacity FROM ticket_types t JOIN pools p ON p.id = t.pool_id WHERE t.event_id = $1 AND t.name = $2",
        event.id, ODD,
    )  # fmt: skip
    assert (made["price"], made["capacity"], made["min_per_order"], made["max_per_order"]) == (
        1_250,
        1_200,
        2,
        6,
    )
    assert (made["is_hidden"], made["requires_approval"], str(made["tax_rate_id"])) == (True, True, rate)
    assert made["sales_end_date"].isoformat() == "2026-12-01T09:00:00+00:00"
    assert ODD not in await seat.open(at), "what an organizer types is text on every page"
    assert "€14.88" in words(await seat.open(at)), "12.50 and 19 % on top"
    one = f"{at}/{made['id']}"
    assert (
        await owner_sql.fetchval("SELECT metadata FROM ticket_types WHERE id = $1", made["id"])
    ) == '{"seat": "ö"}'

    async with untouched(seat.organization):
        wrong = {"price": "free", "quantity": "-1", "metadata": "[1]"}
        answer = await seat.fill(one, **wrong)
        assert findings(answer.text).keys() == {"price", "metadata"}
        answer = await seat.fill(one, name="", maxPerOrder="1")
        assert findings(answer.text).keys() == {"name", "maxPerOrder"}
        assert form_of(answer.text, one)["metadata"][0].split() == ["{", '"seat":', '"ö"', "}"]
        answer = await seat.fill(one, isHidden=None, name="seat")
        assert list(findings(answer.text)) == ["name"]
        assert "isHidden" not in form_of(answer.text, one), "a tick that was taken off stays off"
    went_to(await seat.fill(one, name="Stalls", isHidden=None, requiresApproval=None, price=""))
    kept = await owner_sql.fetchrow("SELECT * FROM ticket_types WHERE id = $1", made["id"])
    assert (kept["name"], kept["price"], kept["is_hidden"], kept["requires_approval"]) == (
        "Stalls",
        0,
        False,
        False,
    )

    assert await names(seat, at) == ["Seat", "Stalls"]
    went_to(await seat.send(f"{one}/place", {"way": "up"}))
    assert await names(seat, at) == ["Stalls", "Seat"]
    first = str(event.ticket_types[0].id)
    dragged = await seat.send(f"{at}/order", {"id": [first, str(made["id"])]})
    assert dragged.status_code == 204
    assert await names(seat, at) == ["Seat", "Stalls"]
    async with untouched(seat.organization):
        assert (await seat.send(f"{at}/order", {"id": [first]})).status_code == 409
        assert (await seat.send(f"{at}/order", {"id": ["x"]})).status_code == 422
    went_to(await seat.send(f"{one}/deletion", {}))
    assert await names(seat, at) == ["Seat"]


async def test_area_is_shared_and_says_how_few_it_may_have(seat, database, untouched):
    event = await make_event(database, seat.organization, SEAT, BALCONY)
    at = f"/office/events/{event.id}"
    ids = [str(kind.id) for kind in event.ticket_types]
    refused = await seat.fill(f"{at}/areas/new", name="Hall", ticketTypeIds=ids)
    assert list(findings(refused.text)) == ["capacity"]
    assert form_of(refused.text, f"{at}/areas/new")["ticketTypeIds"] == ids
    went_to(await seat.fill(f"{at}/areas/new", name="Hall", capacity="44", ticketTypeIds=ids))
    page = await seat.open(f"{at}/tickets")
    area = re.search(rf'href="({at}/areas/[0-9a-f-]{{36}})"', page)[1]
    assert "Hall Seat , Balcony 44" in words(page).replace(",", " ,").replace("  ", " ")
    went_to(await seat.fill(area, capacity="30", ticketTypeIds=ids[:1]))
    assert form_of(await seat.open(area), area)["ticketTypeIds"] == ids[:1]
    went_to(await seat.send(f"{area}/deletion", {}))
    assert area not in await seat.open(f"{at}/tickets")


async def test_code_for_chosen_tickets_never_becomes_one_for_all(seat, database, owner_sql, untouched):
    event = await make_event(database, seat.organization, SEAT, BALCONY)
    ids = [str(kind.id) for kind in event.ticket_types]
    new = "/office/discounts/new"
    async with untouched(seat.organization):
        answer = await seat.fill(new, code="LICHT10", percentage="10", scope="some")
        assert list(findings(answer.text)) == ["ticketTypeIds"]
        answer = await seat.fill(new, code="no spaces", percentage="101")
        assert findings(answer.text).keys() == {"code", "percentage"}
        assert list(findings((await seat.fill(new, code="X", kind="amount")).text)) == ["amount"]
    form = {
        "code": "Licht10", "kind": "amount", "amount": "5", "currency": "EUR", "scope": "some", "ticketTypeIds": ids[:1],
        "maxUses": "3", "usesPerCustomer": "1", "minimumQuantity": "2", "endsAt": "2026-12-24T18:00",
    }  # fmt: skip
    went_to(await seat.fill(f"{new}?event={event.id}", action=new, **form))
    row = await owner_sql.fetchrow("SELECT * FROM discounts WHERE organization_id = $1", seat.organization.id)
    assert (row["amount"], row["minimum_quantity"], row["uses_per_customer"]) == (500, 2, 1)
    code = f"/office/discounts/{row['id']}"
    assert "0 / 3" in words(await seat.open(f"/office/events/{event.id}/discounts"))
    went_to(await seat.send(f"/office/events/{event.id}/tickets/{ids[0]}/deletion", {}))
    went_to(await seat.fill(code, maxUses="4"))
    named = "SELECT ticket_type_id::text FROM discount_ticket_types WHERE discount_id = $1"
    assert [one[0] for one in await owner_sql.fetch(named, row["id"])] == ids[:1]
    went_to(await seat.send(f"{code}/deletion", {}))
    assert "No discount codes" in words(await seat.open("/office/discounts"))


async def test_tax_rate_in_use_stays(seat, database, owner_sql, untouched):
    assert "No tax rates" in words(await seat.open("/office/tax-rates"))
    async with untouched(seat.organization):
        answer = await seat.fill("/office/tax-rates/new", name="", ratePercentage="120", country="XX")
        assert findings(answer.text).keys() == {"name", "ratePercentage", "country"}
    went_to(await seat.fill("/office/tax-rates/new", name="MwSt", ratePercentage="7,5", country="DE"))
    rate_id = await owner_sql.fetchval(
        "SELECT id FROM tax_rates WHERE organization_id = $1", seat.organization.id
    )
    await make_event(
        database, seat.organization, TicketTypeDraft(name="A", quantity=1, price=1, tax_rate_id=rate_id)
    )
    at = f"/office/tax-rates/{rate_id}"
    went_to(await seat.fill(at, ratePercentage="7.25", inclusive="no"))
    async with untouched(seat.organization):
        refused = await seat.send(f"{at}/deletion", {})
    assert (refused.status_code, "1 ticket type has this tax rate" in words(refused.text)) == (409, True)
    row = await owner_sql.fetchrow("SELECT * FROM tax_rates WHERE id = $1", rate_id)
    assert (row["rate_bps"], row["is_inclusive"], row["country"]) == (725, False, "DE")


async def test_organization_says_who_it_is_and_how_it_sells(seat, owner_sql, untouched, stranger, visitor):
    old = seat.organization.slug
    async with untouched(seat.organization):
        wrong = {
            "name": "",
            "email": "x",
            "phone": "12",
            "website": "ftp://x",
            "slug": "API",
            "address__line1": "S 1",
        }
        answer = await seat.fill("/office/settings", **wrong)
        assert findings(answer.text).keys() >= {"name", "email", "phone", "website", "slug", "address.city"}
        assert list(findings((await seat.fill("/office/settings", slug=stranger.slug)).text)) == ["slug"]
        answer = await seat.fill("/office/settings/look", primaryColor="red")
        assert list(findings(answer.text)) == ["primaryColor"]
        answer = await seat.fill(
            "/office/settings/selling", serviceFeePercentage="101", termsOfServiceUrl="x"
        )
        assert findings(answer.text).keys() == {"serviceFeePercentage", "termsOfServiceUrl"}
    house = {
        "name": ODD, "slug": f"{old}-neu", "phone": "0431 123456", "website": "https://example.org", "language": "de",
        "timeZone": "Europe/Berlin", "address__line1": "Kai 1", "address__postalCode": "24103", "address__city": "Kiel",
        "address__country": "DE",
    }  # fmt: skip
    went_to(await seat.fill("/office/settings", **house))
    went_to(await seat.fill("/office/settings/look", primaryColor="#FFD400", secondaryColor="#2f62f2"))
    selling = {
        "defaultCurrency": "CHF", "serviceFeePercentage": "3.5", "serviceFeeFixed": "0.80", "allowGuestCheckout": None,
        "abandonedCartMails": "on", "refundPolicy": "Line 1\nLine 2", "taxNumber": "DE1", "paymentInstructions": "IBAN",
        "privacyPolicyUrl": "https://example.org/p",
    }  # fmt: skip
    went_to(await seat.fill("/office/settings/selling", **selling))
    shop = (await visitor.http.get(f"/api/v1/shops/{old}-neu")).json()
    assert (shop["name"], shop["phone"], shop["primaryColor"]) == (ODD, "+49 431 123456", "#ffd400")
    assert (await visitor.http.get(f"/{old}")).headers["location"] == f"/{old}-neu"
    row = await owner_sql.fetchrow(
        "SELECT * FROM organization_settings WHERE organization_id = $1", seat.organization.id
    )
    assert (row["service_fee_bps"], row["service_fee_fixed"], row["default_currency"]) == (350, 80, "CHF")
    assert (row["allow_guest_checkout"], row["ticket_transfers_enabled"], row["abandoned_cart_mails"]) == (
        False,
        True,
        True,
    )
    assert row["refund_policy"] == "Line 1\nLine 2"
    assert "The first colour was moved" not in await seat.open("/office/settings/look")
    page = await seat.open("/office/settings/look?primary=%23777777&secondary=%23111111")
    assert 'href="/theme/777777-111111.css"' in page
    told = await owner_sql.fetch(
        "SELECT changes::text FROM audit WHERE organization_id = $1 AND action = 'organization.updated'",
        seat.organization.id,
    )
    assert len(told) == 3
    assert not [one for one in told if "123456" in one[0] or "Kai 1" in one[0]]


async def test_picture_and_logo_are_taken_from_forms_and_anything_else_is_not(seat, database, owner_sql):
    from io import BytesIO

    from PIL import Image

    buffer = BytesIO()
    Image.new("RGB", (300, 200), "#2f62f2").save(buffer, "PNG")
    event = await make_event(database, seat.organization, SEAT, publish=False)
    at = f"/office/events/{event.id}"
    own = {"Sec-Fetch-Site": "same-origin"}
    svg = ("x.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/png")
    for path, name in ((f"{at}/pictures", "picture"), ("/office/settings/logo", "logo")):
        refused = await seat.http.post(path, files={name: svg}, headers=own)
        assert (refused.status_code, list(findings(refused.text))) == (422, [name]), path
        assert (await seat.http.post(path, files={"other": svg}, headers=own)).status_code == 422
        good = {name: ("a.png", buffer.getvalue(), "image/png")}
        went_to(await seat.http.post(path, files=good, data={"place": "cover"}, headers=own))
    went_to(
        await seat.http.post(
            f"{at}/pictures", files=good | {"picture": good["logo"]}, data={"place": "gallery"}, headers=own
        )
    )
    row = await owner_sql.fetchrow(
        "SELECT featured_image, gallery_images FROM events WHERE id = $1", event.id
    )
    assert row["gallery_images"] == [row["featured_image"]]
    assert (await seat.http.get(row["featured_image"])).status_code == 200
    logo = await owner_sql.fetchval("SELECT logo FROM organizations WHERE id = $1", seat.organization.id)
    assert (await seat.http.get(logo)).headers["content-type"] == "image/png"
    went_to(await seat.send(f"{at}/pictures", {"remove": row["featured_image"]}))
    assert await owner_sql.fetchval("SELECT featured_image FROM events WHERE id = $1", event.id) is None


async def test_every_role_sees_what_it_may_and_strangers_things_are_not_there(
    client, database, organization, stranger, owner_sql, untouched
):
    """Walked from the routes: each page of these rooms, by each role, with ids of one's own and of somebody else's."""
    mine, theirs = [], []
    for house, ids in ((organization, mine), (stranger, theirs)):
        event = await make_event(database, house, SEAT)
        async with seated(client, house) as seat:
            await seat.fill("/office/discounts/new", code="ONE", percentage="10")
            await seat.fill("/office/tax-rates/new", name="VAT", ratePercentage="19")
            await seat.fill(f"/office/events/{event.id}/areas/new", name="Hall", capacity="9")
            await seat.fill(f"/office/events/{event.id}/access", name="Press")
            await seat.fill(f"/office/events/{event.id}/questions/new", label="Song?")
        found = {"event_id": event.id, "type_id": event.ticket_types[0].id}
        for name, table in (
            ("discount_id", "discounts"),
            ("tax_rate_id", "tax_rates"),
            ("pool_id", "shared_pools"),
            ("link_id", "access_links"),
            ("question_id", "questions"),
        ):
            found[name] = await owner_sql.fetchval(
                f"SELECT id FROM {table} WHERE organization_id = $1", house.id
            )
        ids.append(found)
    own = {"Sec-Fetch-Site": "same-origin"}
    tried = 0
    async with seated(client, organization) as seat:
        for role, rights in ROLES.items():
            await owner_sql.execute("UPDATE users SET role = $2 WHERE id = $1", organization.user_id, role)
            async with untouched(organization, stranger):
                for method, path, access in routes(client, "/office/"):
                    if path.split("/")[2] not in MINE:
                        continue
                    assert access.kind == "permission", path
                    for ids in (mine[0], theirs[0]) if role == "owner" else (mine[0],):
                        is_mine = ids is mine[0] or "{" not in path
                        if method == "POST" and is_mine and access.detail in rights:
                            continue
                        answer = await seat.http.request(method, filled(path, ids), headers=own)
                        needed = {access.detail, BESIDES.get(path, access.detail)}
                        wanted = 403 if needed - rights else 200 if is_mine else 404
                        if wanted == 404 and method == "POST":
                            assert answer.status_code in {404, 422}, (role, method, path, answer.status_code)
                        else:
                            assert answer.status_code == wanted, (role, method, path, answer.text[-300:])
                        tried += 1
            if role == "owner":
                foreign = {"Sec-Fetch-Site": "cross-site"}
                async with untouched(organization):
                    for method, path, _ in routes(client, "/office/"):
                        if method == "POST":
                            ids = {
                                **mine[0],
                                **{
                                    name: uuid4()
                                    for name in re.findall(r"\{(\w+):", path)
                                    if name not in mine[0]
                                },
                            }
                            answer = await seat.http.post(filled(path, ids), headers=foreign)
                            assert answer.status_code == 403, path
    assert tried > 150
