"""Pages with far too much in them, and with nothing: they fit the narrowest phone, and a keyboard gets through."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, expect

from foyer.domains.checkout import cancel_event
from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.api.asking import CUSTOMER, Shop
from tests.browser.test_components import SIDEWAYS
from tests.browser.test_journey import RULES
from tests.browser.walking import walking
from tests.support.serving import Served
from tests.support.world import Organization, make_event, make_organization

TITLE = "Die große Donaudampfschifffahrtsgesellschaftsjubiläumsgala mit Überraschungsgästen, Feuerwerk und einem sehr, sehr langen Abend am Wasser 2027"
ARABIC = "مهرجان الأضواء الشمالية"
OPENS_IN = timedelta(days=4)
ENDED = """UPDATE carts SET status = 'expired', created_at = created_at - interval '1 hour', expires_at = foyer_now() - interval '1 minute'
WHERE organization_id = $1 AND id = $2"""
OVER = "UPDATE events SET status = 'completed' WHERE organization_id = $1 AND id = $2"
LONG_NAME = "Veranstaltungsgesellschaftmitbeschraenkterhaftungundcokommanditgesellschaft"


@pytest.fixture
async def crowded(database: Database) -> Organization:
    shop = await make_organization(
        database, name=f"{ARABIC} {LONG_NAME}", primary_color="#ffd400", secondary_color="#131826"
    )
    types = [
        TicketTypeDraft(
            name=f"Rang {number} links, Reihe {number}, mit sehr guter Sicht auf beide Bühnen" if number % 3 else f"طفل {number}",
            description="Ein Satz, der erklärt, was dieser Platz hat. " * (number % 4), quantity=3 * (number % 5), price=1_000_000 * (number % 7),
            sort_order=number,
        )
        for number in range(40)
    ]  # fmt: skip
    await make_event(database, shop, *types, title=TITLE, venue_name=ARABIC, short_description=TITLE)
    return shop


async def look(page: Page, name: str, pictures: Path) -> list[str]:
    """What axe finds on a phone, and whether the page scrolls sideways."""
    await page.screenshot(path=pictures / f"{name}.png", full_page=True)
    if "1440" in name:
        return ["scrolls sideways"] if await page.evaluate(SIDEWAYS) > 0 else []
    seen = await Axe().run(page, options=RULES)
    found = [f"{one['id']}: {node['html']}" for one in seen.response["violations"] for node in one["nodes"]]
    return found + (["scrolls sideways"] if await page.evaluate(SIDEWAYS) > 0 else [])


@pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(320, "dark", "de-DE"), (1440, "light", "en-GB")]
)  # the longer words on the narrower page
async def test_pages_bear_far_too_much(
    browser: Browser, served: Served, crowded: Organization, pictures: Path, width, scheme, locale
):
    context = await browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme=scheme,
        locale=locale,
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page = await context.new_page()
    home = f"{served.base_url}/{crowded.slug}"
    await page.goto(home)
    found = await look(page, f"absurd-home-{width}", pictures)
    await page.goto(f"{home}/events/{crowded.events[0].slug}")
    for plus in (await page.locator("[data-more]:visible").all())[:5]:
        await plus.click()
    found += await look(page, f"absurd-event-{width}", pictures)
    if width < 640:
        await page.locator("a.bar-sum").click()
        found += await look(page, f"absurd-sheet-{width}", pictures)
        await page.keyboard.press("Escape")
    await page.locator("button[data-reserve]:visible").first.click()
    await page.wait_for_url("**/carts/*")
    found += await look(page, f"absurd-checkout-{width}", pictures)

    assert found == []
    await context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1440, "light")])
async def test_tickets_bear_far_too_much(
    browser: Browser, served: Served, crowded: Organization, pictures: Path, width, scheme
):
    children = next(one for one in crowded.events[0].ticket_types if one.price == 0 and one.quantity > 6)
    who = {
        "email": f"{LONG_NAME[:60]}@{'lang.' * 30}example",
        "firstName": f"{ARABIC} {TITLE[:60]}",
        "lastName": LONG_NAME,
    }
    async with httpx.AsyncClient(base_url=f"{served.base_url}/api/v1/shops/{crowded.slug}") as http:
        wanted = {
            "eventId": str(crowded.events[0].id),
            "items": [{"ticketTypeId": str(children.id), "quantity": 4}],
        }
        cart = (await http.post("/carts", json=wanted)).json()
        bought = {"customer": who, "paymentMethod": "free"}
        held = {"Authorization": f"Bearer {cart['token']}"}
        order = (await http.post(f"/carts/{cart['id']}/checkout", json=bought, headers=held)).json()
    shape = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme, "locale": "de-DE"}
    page = await browser.new_page(**shape, reduced_motion="reduce", bypass_csp=True)
    await page.goto(f"{served.base_url}/{crowded.slug}/orders/{order['id']}?key={order['token']}")
    for fold in await page.locator("details.ticket-fold").all():
        await fold.evaluate("one => { one.open = true }")
    found = await look(page, f"absurd-order-{width}", pictures)
    ways = page.locator("main").get_by_role("link")
    names = await ways.filter(has_text="Namen der Gäste").first.get_attribute("href")
    handing = await ways.filter(has_text="Weitergeben").first.get_attribute("href")
    for name, href in (
        ("guests", names),
        ("transfer", handing),
        ("ticket", handing.replace("/transfer", "")),
    ):
        await page.goto(f"{served.base_url}{href}")
        found += await look(page, f"absurd-{name}-{width}", pictures)

    assert found == []
    await page.context.close()


async def test_pages_beside_a_sale_bear_it_too(
    browser, served, crowded, database, mailbox, owner_sql, pictures
):
    """The waiting list, the reminder, what lapsed, what is off and what is over: in both themes, in the longer language."""
    letters, sale = mailbox(crowded), crowded.events[0]
    opens = datetime.now(UTC) + OPENS_IN
    types = [
        TicketTypeDraft(name=TITLE[number:120], quantity=9, price=1_000_000, sales_start_date=opens + number * timedelta(hours=1))
        for number in range(2)
    ]  # fmt: skip
    later = await make_event(database, crowded, *types, title=TITLE, venue_name=ARABIC)
    narrow = {"width": 320, "height": 844}
    async with walking(
        browser, served, crowded, pictures, "beside", viewport=narrow, locale="de-DE"
    ) as walker:
        page = walker.page
        for event, form, part in ((sale, "waiting", "/waiting/"), (later, "remind", "/sale-reminders/")):
            await page.goto(f"{walker.home}/events/{event.slug}#{form}")
            await walker.look(form)
            await page.locator(f"#{form}-email").fill(f"{form}@lund.example")
            await page.locator(f"#{form} button[data-busy]").click()
            await page.wait_for_selector(".state .mini")
            await walker.look(f"{form}-done")
            await page.goto(await letters.link(f"{form}@lund.example", "", part))
            await walker.look(f"{form}-link")
            await page.locator(".state button[data-busy]").click()
            await page.wait_for_selector(".state a.button")
            await walker.look(f"{form}-left")

        await page.goto(f"{walker.home}/events/{sale.slug}/widget")
        await walker.look("widget")
        await page.goto(f"{walker.home}/events/{sale.slug}")
        for plus in (await page.locator("[data-more]:visible").all())[:5]:
            await plus.click()
        await walker.reserve()
        await owner_sql.execute(ENDED, crowded.id, UUID(page.url.rpartition("/")[2]))
        await page.reload()
        await walker.look("expired")
        async with database.write(crowded.id) as tx:
            await cancel_event(tx, later.id, actor=crowded.owner)
        await owner_sql.execute(OVER, crowded.id, sale.id)
        for event in (later, sale):
            shown = page.locator(".panel-off")
            for _ in range(60):
                await page.goto(f"{walker.home}/events/{event.slug}")
                if await shown.count():
                    break
            await expect(shown).to_be_visible()
            await walker.look("cancelled" if event is later else "over")
            await page.goto(walker.home)


async def test_shop_without_anything_says_so(
    browser: Browser, served: Served, database: Database, pictures: Path
):
    shop = await make_organization(database, name="Empty House")
    page = await browser.new_page(viewport={"width": 390, "height": 844}, bypass_csp=True)
    await page.goto(f"{served.base_url}/{shop.slug}")

    assert await look(page, "empty-home-390", pictures) == []
    assert await page.get_by_role("heading", name="Nothing is planned yet").is_visible()
    await page.context.close()


async def test_sheet_changes_what_is_chosen_with_a_keyboard(
    browser: Browser, served: Served, crowded: Organization
):
    page = await browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    await page.goto(f"{served.base_url}/{crowded.slug}/events/{crowded.events[0].slug}")
    await page.locator("[data-more]:visible").first.click()
    await page.locator("#reserve [data-more]:visible").last.focus()
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.matches('a.bar-sum')"), (
        "after the tickets comes the sum"
    )

    await page.keyboard.press("Enter")
    more = page.locator("dialog [data-more]")
    await more.focus()
    await page.keyboard.press("Enter")
    held = await more.evaluate("one => one === document.activeElement")
    count = await page.locator("dialog h2").inner_text()
    for _ in range(2):
        await page.locator("dialog [data-less]").focus()
        await page.keyboard.press("Enter")

    assert (count, held) == ("2 tickets", True)
    assert not await page.locator("dialog").is_visible()
    assert await page.locator("[data-total]:not(input):visible").count() == 0
    await page.context.close()


async def test_code_of_a_ticket_is_in_sight_however_long_its_names_are(
    browser: Browser, served: Served, database: Database, pictures: Path
):
    shop, name = await make_organization(database), (LONG_NAME * 2)[:100]
    kind = TicketTypeDraft(name=LONG_NAME, quantity=9, is_free=True)
    event = await make_event(database, shop, kind, title=LONG_NAME, venue_name=LONG_NAME)
    buyer = {**CUSTOMER, "firstName": name, "lastName": name}
    async with httpx.AsyncClient(base_url=served.base_url, trust_env=False) as client:
        order = await Shop(client, shop).order(event, (event.ticket_types[0].id, 1), customer=buyer)
    page = await browser.new_page(viewport={"width": 390, "height": 844}, bypass_csp=True)
    code, shown = page.locator(".qr[role=img]"), page.locator(".whole .cut")
    await page.goto(f"{served.base_url}/{shop.slug}/orders/{order['id']}?key={order['token']}")
    assert await bottom(code) <= 844
    await page.locator("main h2 a").first.click()
    await expect(shown).to_be_visible()
    assert await bottom(code) <= 844
    assert await look(page, "absurd-ticket-390", pictures) == []
    cut = await bottom(shown)
    await page.locator(".whole summary").press("Enter")
    assert await bottom(shown) > cut
    await page.context.close()


async def bottom(one: Locator) -> float:
    box = await one.bounding_box()
    assert box is not None
    return box["y"] + box["height"]
