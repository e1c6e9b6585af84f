"""What journeys look for is found where it is: otherwise their silence would mean nothing."""

from functools import partial
from pathlib import Path

from playwright.async_api import Browser

from tests.browser.test_german import english_on
from tests.browser.test_keyboard import Keys
from tests.browser.walking import Walker

BAD = """<!doctype html><html lang="de"><meta name="color-scheme" content="light dark"><title>Schlecht</title>
<style>@keyframes turn { to { rotate: 1turn } } #turns { animation: turn 9s infinite } #cut { width: 4em; overflow: hidden; white-space: nowrap }
#wide { width: 200vw } html { background: #fff } #dim { color: #666 } @media (prefers-color-scheme: dark) { html { background: #111 } #dim { color: #444 } }</style>
<body data-words='{"one": "Trying now, please"}'><main><h1>Schlecht</h1><p id="turns">Dreht</p><p id="cut">Abgeschnitten</p><p id="wide">Breit</p>
<p id="dim">Blass</p><p lang="en">Every word of the page</p><p>Nobody else waits for these tickets.</p><img src="data:," alt="Until then"></main>"""
HARD = """<!doctype html><html lang="en"><title>Hard</title><style>#bare { outline: none } #cover { position: fixed; inset: 0 0 auto; height: 9em; background: #fff }
main { display: flex; flex-direction: column-reverse; gap: 4em; padding-top: 2em }</style>
<main><button id="bare">Bare</button><button>Second</button><button id="last">Covered</button></main><div id="cover"></div>"""


async def test_looking_finds_what_is_wrong(browser: Browser, tmp_path: Path):
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    await page.set_content(BAD)
    walker = Walker(page, "", tmp_path, "bad", (partial(english_on, frozenset({"Schlecht"})),))
    await walker.look("page")

    found = "\n".join(walker.wrong)
    for sign in (
        'moves: <p id="turns"', 'cut off: <p id="cut"', "scrolls sideways", "English: Trying now, please", "English: Until then",
        "English: Nobody else", "English: Schlecht", 'color-contrast: <p id="dim"',
    ):  # fmt: skip
        assert sign in found
    assert "Every word" not in found, "what says that it is English may be"
    assert (tmp_path / "bad-page.png").exists()
    await page.close()


async def test_hands_on_the_keyboard_find_what_is_wrong(browser: Browser):
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    await page.set_content(HARD)
    keys = Keys(page)
    await keys.to(page.locator("#last"))

    assert any('does not show: <button id="bare"' in one for one in keys.wrong)
    assert any('hides what has the focus: <button id="last"' in one for one in keys.wrong)
    assert any('goes up: <button id="bare"' in one for one in keys.wrong)
    await page.close()
