"""A whole purchase with keys alone, at 400 % of a laptop's screen: 320 by 256, where a bar that stays hides what has the focus."""

from dataclasses import dataclass, field

import httpx
import pytest
from playwright.async_api import Locator, Page, expect

from foyer.domains.events import add_question
from foyer.domains.events.types import QuestionDraft, QuestionScope, QuestionType, TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.api.asking import Shop
from tests.browser.walking import walking
from tests.support.world import Organization, make_event, make_organization

QUESTIONS = (
    QuestionDraft(label="I accept the house rules", type=QuestionType.BOOLEAN, is_required=True),
    QuestionDraft(label="T-shirt size", scope=QuestionScope.TICKET, type=QuestionType.CHOICE, options=["S", "M"], is_required=True),
)  # fmt: skip
ZOOMED = {"width": 320, "height": 256}
STOP = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  const marked = (one, part) => {
    const style = one && getComputedStyle(one, part);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const around = [here, here.nextElementSibling, here.parentElement, here.closest("article, li, .stepper")];
  const spots = [...here.getClientRects()].flatMap((line) =>
    [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]].map(([x, y]) =>
      document.elementFromPoint(line.left + line.width * x, line.top + line.height * y)));
  const stays = [...document.querySelectorAll("body *")].some((one) =>
    one.contains(here) && ["fixed", "sticky"].includes(getComputedStyle(one).position));
  return {
    what: here.outerHTML.slice(0, 100), isPage: here === document.body, stays,
    isMarked: around.some((one) => marked(one) || marked(one, "::after") || marked(one, "::before")),
    isSeen: spots.some((one) => one && (here.contains(one) || one.closest("label")?.control === here || marked(one))),
    top: box.top + scrollY, bottom: box.bottom + scrollY,
  };
}"""
"""Where the focus is: whether it shows, whether anything of its place can be seen, and where on the page that is."""
HEARD = """addEventListener("DOMContentLoaded", () => {
  window.heard = [];
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const live = (target.nodeType === 1 ? target : target.parentElement)?.closest("[aria-live], [role=status], [role=alert]");
      if (live) window.heard.push(live.innerText.trim());
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
});"""
"""What a screen reader is given to say meanwhile."""


@pytest.fixture
async def shop(database: Database) -> Organization:
    shop = await make_organization(database, name="Nordlicht Festival")
    event = await make_event(
        database, shop, TicketTypeDraft(name="Seat", quantity=24, is_free=True),
        TicketTypeDraft(name="Bench", description="Wide", quantity=40, is_free=True, sort_order=1), title="Lantern Night",
    )  # fmt: skip
    async with database.write(shop.id) as tx:
        for draft in QUESTIONS:
            await add_question(tx, event.id, draft, actor=shop.owner)
    return shop


@dataclass
class Keys:
    """Hands on a keyboard; `wrong` is where the focus was lost, hidden or jumped about."""

    page: Page
    wrong: list[str] = field(default_factory=list)

    async def to(self, place: Locator, key: str = "Tab") -> None:
        """Press this until the place has the focus."""
        before = None
        for _ in range(60):
            await self.page.keyboard.press(key)
            stop = await self.page.evaluate(STOP)
            if not stop["isPage"]:
                self._judge(stop, before, is_forward=key == "Tab")
            before = None if stop["isPage"] or stop["stays"] else stop
            if await place.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"no key leads to {place}")

    def _judge(self, stop: dict, before: dict | None, *, is_forward: bool) -> None:
        if not stop["isMarked"]:
            self.wrong.append(f"the focus does not show: {stop['what']}")
        if not stop["isSeen"]:
            self.wrong.append(f"something hides what has the focus: {stop['what']}")
        if before is None or stop["stays"]:
            return
        first, second = (before, stop) if is_forward else (stop, before)
        if second["bottom"] <= first["top"]:
            self.wrong.append(f"the focus goes up: {first['what']} to {second['what']}")

    async def press(self, place: Locator, key: str = "Enter") -> None:
        await self.to(place)
        await self.page.keyboard.press(key)

    async def type(self, place: Locator, text: str, key: str = "Tab") -> None:
        await self.to(place, key)
        await self.page.keyboard.type(text)


async def test_ticket_is_bought_with_keys_alone_at_four_times_the_size(browser, served, shop, pictures):
    event = shop.events[0]
    async with (
        httpx.AsyncClient(base_url=served.base_url, trust_env=False) as other,
        walking(browser, served, shop, pictures, "keyboard", viewport=ZOOMED) as walker,
    ):
        page, keys = walker.page, Keys(walker.page, walker.wrong)
        await page.add_init_script(HEARD)
        await page.goto(walker.home)
        await keys.press(page.get_by_role("link", name="Skip to the content"))
        await expect(page.locator("main")).to_be_focused()
        await keys.press(page.get_by_role("link", name="Lantern Night").first)
        await page.wait_for_url("**/events/*")
        await keys.press(page.get_by_role("button", name="One more of Seat"))
        await page.keyboard.press("Enter")
        await Shop(other, shop).cart(event, (event.ticket_types[0].id, 10))
        await expect(page.locator("[data-said]")).to_have_text("Seat: 14 left")
        heard = await page.evaluate("heard")
        assert "Seat: 14 left" in heard
        assert any("2 tickets" in one for one in heard)
        await walker.look("event")
        await keys.press(page.locator("button[data-reserve]:visible").last)
        await page.wait_for_url("**/carts/*")

        pay = page.locator(".pay button")
        await keys.press(pay)
        summary = page.get_by_role("alert").filter(has_text="a look")
        await expect(summary).to_be_focused()
        await walker.look("errors")
        await keys.press(summary.get_by_role("link", name="Email"))
        await expect(page.locator("#email")).to_be_focused()
        assert "email-error" in str(await page.locator("#email").get_attribute("aria-describedby"))
        await page.keyboard.type("mira@lund.example")
        await keys.type(page.locator("#firstName"), "Mira", "Shift+Tab")
        await keys.press(page.get_by_label("I accept the house rules"), "Space")
        for size in await page.get_by_label("T-shirt size").all():
            await keys.type(size, "M")
        await keys.press(pay)
        await page.wait_for_url("**/orders/*")
        await expect(page.get_by_role("heading", level=1)).to_have_text("You’re in.")
        await keys.to(page.get_by_role("link", name="Add to calendar"))
        await keys.to(page.locator("a[href*='/transfer?']:visible").first)
        await walker.look("order")
