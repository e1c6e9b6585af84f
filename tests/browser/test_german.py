"""A whole purchase in German, and all that comes after it: no sentence on the way is English."""

import re
from functools import partial

import httpx
import pytest
from playwright.async_api import Page, expect

from foyer.domains.checkout import cancel_event
from foyer.domains.events import add_question, create_discount, create_tax_rate
from foyer.domains.events.types import (
    DiscountDraft,
    QuestionDraft,
    QuestionScope,
    QuestionType,
    TaxRateDraft,
    TicketTypeDraft,
)
from foyer.infra.db.engine import Database
from tests.api.asking import Shop
from tests.browser.walking import CODE, LINK, WORDS, Mailbox, Walker, walking
from tests.support.world import Organization, make_event, make_organization
from tests.words.catalogue import SHOP

ENGLISH = re.compile(
    r"\b(the|your|you|and|or|of|to|at|by|with|for|this|that|from|they|when|until|nothing|places|back|please|here|is|are|has|been"
    r"|mon|tue|wed|thu|fri|sat|sun|oct|dec|may|germany)\b",
    re.IGNORECASE,
)
"""Words that no German sentence has."""
QUESTIONS = (
    QuestionDraft(label="Mit wem singen Sie?", sort_order=1),
    QuestionDraft(label="Ich kenne die Hausordnung", type=QuestionType.BOOLEAN, is_required=True, sort_order=2),
    QuestionDraft(label="Größe", scope=QuestionScope.TICKET, type=QuestionType.CHOICE, options=["S", "M"], is_required=True),
    QuestionDraft(label="Geboren", scope=QuestionScope.TICKET, type=QuestionType.DATE),
)  # fmt: skip
ADDRESS, OTHER = "mira@lund.example", "ida@lund.example"


@pytest.fixture
async def shop(database: Database) -> Organization:
    shop = await make_organization(
        database, name="Nordlicht-Festspiele", service_fee_bps=500, service_fee_fixed=50, email="kasse@nordlicht.example",
        refund_policy="Bis eine Woche vorher ganz.", primary_color="#58188f",
    )  # fmt: skip
    async with database.write(shop.id) as tx:
        tax = TaxRateDraft(name="MwSt.", rate_percentage=19, inclusive=True)
        vat = await create_tax_rate(tx, tax, actor=shop.owner)
        await create_discount(tx, DiscountDraft(code="FRUEH10", percentage=10), actor=shop.owner)
    event = await make_event(
        database, shop, TicketTypeDraft(name="Sitzplatz", quantity=5, price=18_900, tax_rate_id=vat.id),
        TicketTypeDraft(name="Loge", quantity=1, price=25_000, sort_order=1),
        TicketTypeDraft(name="Führung", quantity=9, price=3_000, requires_approval=True, sort_order=2),
        title="Laternenabend", category="Musik", description="<p>Ein Abend am Wasser.</p>", venue_name="Halle", address="Gasse 1",
    )  # fmt: skip
    async with database.write(shop.id) as tx:
        for draft in QUESTIONS:
            await add_question(tx, event.id, draft, actor=shop.owner)
    return shop


def english_in(texts: list[str], known: frozenset[str]) -> list[str]:
    return [f"English: {text}" for text in texts if text in known or ENGLISH.search(LINK.sub("", text))]


def only_in_english() -> frozenset[str]:
    """What the catalogue says otherwise in German."""
    entries = [(one.id, one.string) for one in SHOP.read("de") if one.id]
    return frozenset(said for said, german in entries if isinstance(said, str) and said != german)


async def english_on(known: frozenset[str], page: Page) -> list[str]:
    assert await page.evaluate("document.documentElement.lang") == "de"
    return english_in(await page.evaluate(WORDS), known)


async def test_purchase_and_what_follows_it_is_german(browser, served, shop, mailbox, pictures):
    known, letters, event = only_in_english(), mailbox(shop), shop.events[0]
    check = partial(english_on, known)
    async with (
        httpx.AsyncClient(base_url=served.base_url, headers=shop.staff, trust_env=False) as office,
        walking(browser, served, shop, pictures, "deutsch", check, locale="de-DE") as walker,
    ):
        page = walker.page
        for name, path in {
            "search": "?q=gibt+es+nicht", "widget": f"/events/{event.slug}/widget", "events": "/widget", "nowhere": "/no/where",
            "old-link": "/access/none", "home": "",
        }.items():  # fmt: skip
            await page.goto(f"{walker.home}{path}")
            await walker.glance(name)
        await page.get_by_role("link", name="Laternenabend").first.click()
        for _ in range(2):
            await page.get_by_role("button", name="Sitzplatz").last.click()
        await walker.glance("chosen")
        await walker.reserve()
        await page.locator(".pay button").click()
        await expect(page.locator("#email-error")).to_be_visible()
        await walker.glance("checkout-errors")
        await walker.say_who(ADDRESS)
        await page.locator("#discountCode").fill("NIE")
        await page.locator("#discountCode").press("Enter")
        await expect(page.locator("#discountCode-error")).to_be_visible()
        await walker.glance("code-unknown")
        await page.locator("#discountCode").fill("frueh10")
        await page.locator("#discountCode").press("Enter")
        await expect(page.locator(".code-on")).to_contain_text("FRUEH10")
        await page.get_by_label("Ich kenne die Hausordnung").check()
        for size in await page.get_by_label("Größe").all():
            await size.select_option("M")
        await walker.glance("checkout")
        await walker.order()
        await walker.glance("to-pay")
        walker.wrong += english_in([await letters.letter(ADDRESS, "Laternenabend")], known)
        order_link, order_id = page.url, page.url.partition("?")[0].rpartition("/")[2]
        assert (await office.post(f"/api/v1/orders/{order_id}/payment")).is_success
        await page.goto(order_link)
        await walker.glance("order")
        walker.wrong += english_in([await letters.letter(ADDRESS, "Laternenabend")], known)
        await tickets(walker)
        await account(walker, letters)


async def tickets(walker: Walker) -> None:
    """From the page of an order on: its guests, one of its tickets, and what is asked of whoever hands it on."""
    page, order = walker.page, walker.page.url
    await page.goto(order.replace("?", "/guests?"))
    await walker.look("guests")
    await page.goto(order)
    await page.locator("main h2 a[href*='/tickets/']").first.click()
    await walker.glance("ticket")
    await page.locator("a[href*='/attendee?']:visible").first.click()
    await walker.look("rename")
    await page.go_back()
    await page.locator("a[href*='/transfer?']:visible").first.click()
    await page.locator("#email").fill("niemand@lund")
    await page.locator("main form .button-main").click()
    await expect(page.locator("#email-error")).to_be_visible()
    await walker.glance("hand-on-errors")


async def account(walker: Walker, letters: Mailbox) -> None:
    """In by a wrong code and the right one."""
    page = walker.page
    await page.goto(f"{walker.home}/orders")
    await page.locator("#email").fill(ADDRESS)
    await page.locator("main form .button-main").click()
    await page.locator("#code").fill("00000000")
    await page.locator("main form .button-main").click()
    await expect(page.locator("#code-error")).to_be_visible()
    await walker.glance("code-wrong")
    found = CODE.search(await letters.letter(ADDRESS, "Nordlicht-Festspiele"))
    assert found is not None
    await page.locator("#code").fill(found[0])
    await page.locator("main form .button-main").click()
    await expect(page.locator(".owned")).to_contain_text("Laternenabend")
    await walker.glance("account")


async def test_states_are_told_in_german(browser, served, shop, database, mailbox, pictures):
    known, letters, event = only_in_english(), mailbox(shop), shop.events[0]
    async with (
        httpx.AsyncClient(base_url=served.base_url, trust_env=False) as other,
        walking(
            browser, served, shop, pictures, "deutsch", partial(english_on, known), locale="de-DE"
        ) as walker,
    ):
        page = walker.page
        await page.goto(f"{walker.home}/events/{event.slug}")
        await page.get_by_role("button", name="Loge").last.click()
        await Shop(other, shop).cart(event, (event.ticket_types[1].id, 1))
        await page.locator("button[data-reserve]:visible").first.click()
        await expect(page.locator("#waiting")).to_be_visible()
        await walker.glance("too-late")
        await page.locator("#waiting-email").fill("ida@lund")
        await page.locator("#waiting button[data-busy]").click()
        await expect(page.locator("#waiting-email-error")).to_be_visible()
        await walker.glance("waiting-errors")
        await page.locator("#waiting-email").fill(OTHER)
        await page.locator("#waiting button[data-busy]").click()
        await expect(page.locator("h1")).to_contain_text("Warteliste")
        await walker.glance("waiting-joined")
        walker.wrong += english_in([await letters.letter(OTHER, "Warteliste")], known)
        await page.goto(await letters.link(OTHER, "Warteliste", "/waiting/"))
        await walker.glance("waiting")

        await page.goto(f"{walker.home}/events/{event.slug}")
        await page.get_by_role("button", name="Führung").last.click()
        await walker.reserve()
        await walker.glance("request")
        await walker.say_who(OTHER)
        await page.get_by_label("Ich kenne die Hausordnung").check()
        await page.get_by_label("Größe").select_option("M")
        await walker.order()
        await walker.glance("requested")
        await page.locator("#give-up summary").click()
        await page.locator("#give-up button").click()
        await expect(page.locator("#give-up")).to_have_count(0)
        await walker.glance("given-up")
        async with database.write(shop.id) as tx:
            await cancel_event(tx, event.id, actor=shop.owner)
        await page.goto(f"{walker.home}/events/{event.slug}")
        await walker.glance("cancelled")
