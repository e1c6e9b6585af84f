"""A visitor of a shop in a real browser who looks hard at every page, and the mailbox they look into on the way."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from foyer.infra.jobs import Tools
from foyer.infra.mail import kept_heads, kept_mail
from tests.browser.test_components import SIDEWAYS
from tests.browser.test_journey import RULES
from tests.support.serving import Served
from tests.support.working import work_off
from tests.support.world import Organization

COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
MOVING = """document.getAnimations().filter((one) => one.playState === "running"
  && one.effect.getComputedTiming().endTime > 0).map((one) => `moves: ${one.effect.target.outerHTML.slice(0, 120)}`)"""
CUT = """[...document.querySelectorAll("body, body *")].filter((one) => {
  const style = getComputedStyle(one);
  return [style.overflowX, style.overflowY].some((way) => way === "hidden" || way === "clip")
    && style.clipPath === "none" && style.webkitLineClamp === "none" && one.checkVisibility() && one.innerText?.trim()
    && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
}).map((one) => `cut off: ${one.outerHTML.slice(0, 120)}`)"""
WORDS = """() => {
  const own = (one) => one && one.closest("[lang]") === document.documentElement && !one.closest("script, style");
  const said = [document.title, document.querySelector("meta[name=description]")?.content ?? ""];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) if (own(texts.currentNode.parentElement)) said.push(texts.currentNode.data);
  for (const name of ["aria-label", "title", "alt", "placeholder", "data-busy", "data-done"])
    for (const one of document.querySelectorAll(`[${name}]`)) if (own(one)) said.push(one.getAttribute(name));
  said.push(...Object.values(JSON.parse(document.body.dataset.words ?? "{}")).flat());
  return said.map((one) => one.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""
"""Everything that a page says in its own language, seen or heard."""
LINK = re.compile(r"https?://[^\s)]+")
CODE = re.compile(r"\b\d{4} ?\d{4}\b")
"""The code that opens a buyer's account."""

Check = Callable[[Page], Awaitable[list[str]]]


@dataclass
class Walker:
    """One browser on its way through a shop. `wrong` is what was found on the pages so far."""

    page: Page
    home: str
    """Address of the shop, with no slash at the end."""
    pictures: Path
    journey: str
    checks: tuple[Check, ...] = ()
    """What else is looked for on every page."""
    wrong: list[str] = field(default_factory=list)

    async def glance(self, name: str) -> None:
        """Take a picture of this page, and write down what moves, is cut off, or is otherwise not as this journey wants it."""
        page, at = self.page, f"{self.journey}-{name}"
        await page.screenshot(path=self.pictures / f"{at}.png", full_page=True)
        found = await page.evaluate(MOVING) + await page.evaluate(CUT)
        found += ["scrolls sideways"] if await page.evaluate(SIDEWAYS) > 0 else []
        for check in self.checks:
            found += await check(page)
        self.wrong += [f"{at}: {one}" for one in found]

    async def look(self, name: str) -> None:
        """As a glance, and what axe finds: in the page's own theme, and in the colours of the other."""
        await self.glance(name)
        page, at = self.page, f"{self.journey}-{name}"
        found = violations(await Axe().run(page, options=RULES))
        own = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
        await page.emulate_media(color_scheme="light" if own == "dark" else "dark")
        found += violations(await Axe().run(page, options=COLOURS))
        await page.emulate_media(color_scheme=own)
        self.wrong += [f"{at}: {one}" for one in found]

    async def choose(self, name: str, count: int) -> None:
        """Choose so many of a ticket type with its buttons."""
        for _ in range(count):
            await self.page.get_by_role("button", name=f"One more of {name}").click()

    async def reserve(self) -> None:
        await self.page.locator("button[data-reserve]:visible").first.click()
        await self.page.wait_for_url("**/carts/*")

    async def say_who(self, email: str, *, first: str = "Mira", last: str = "Berg") -> None:
        await self.page.locator("#firstName").fill(first)
        await self.page.locator("#lastName").fill(last)
        await self.page.locator("#email").fill(email)

    async def order(self) -> None:
        await self.page.locator(".pay button").click()
        await self.page.wait_for_url("**/orders/*")


def violations(seen: Any) -> list[str]:
    return [f"{one['id']}: {node['html']}" for one in seen.response["violations"] for node in one["nodes"]]


@asynccontextmanager
async def walking(
    browser: Browser,
    served: Served,
    shop: Organization,
    pictures: Path,
    journey: str,
    *checks: Check,
    **context: Any,
) -> AsyncIterator[Walker]:
    """A phone that asks for no motion, unless told otherwise; at the end nothing was wrong, and nobody else was asked for anything."""
    usual = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce", "locale": "en-GB"}
    seat = await browser.new_context(**{**usual, **context})
    page = await seat.new_page()
    walker = Walker(page, f"{served.base_url}/{shop.slug}", pictures, journey, checks)
    page.on("pageerror", lambda error: walker.wrong.append(str(error)))
    page.on(
        "console", lambda said: walker.wrong.append(said.text) if "Content Security" in said.text else None
    )
    page.on(
        "request",
        lambda asked: (
            None if asked.url.startswith((served.base_url, "data:")) else walker.wrong.append(asked.url)
        ),
    )
    yield walker
    assert walker.wrong == [], "\n".join(walker.wrong)
    await seat.close()


@dataclass
class Mailbox:
    """What one organization writes, as soon as it is looked for: what a worker would do is done then."""

    tools: Tools
    shop: Organization

    async def letter(self, to: str, about: str) -> str:
        """The text of the newest letter to somebody with this in its subject."""
        await work_off(self.tools, self.shop.id)
        directory = self.tools.settings.data / "mail"
        heads = kept_heads(directory, most=100)
        kept = next(
            (kept_mail(directory, one.name) for one in heads if to in one.to and about in one.subject), None
        )
        assert kept is not None, f"nothing about {about!r} came to {to}: {[one.subject for one in heads]}"
        return kept.text

    async def link(self, to: str, about: str, part: str) -> str:
        """The link in that letter with this in its address."""
        return next(link for link in LINK.findall(await self.letter(to, about)) if part in link)


__all__ = ["CODE", "LINK", "WORDS", "Check", "Mailbox", "Walker", "walking"]
