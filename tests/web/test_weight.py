"""What a visitor has to load: little script, all of it ours, and compressed for whoever reads that."""

import gzip
import re

import httpx
import pytest

from foyer.infra.db.engine import Database
from tests.support.world import make_event

SCRIPT_BYTES_MAX = 60 * 1024
LOADED = re.compile(r"<(?:script|link|img)\b[^>]*?\b(?:src|href)=\"([^\"]+)\"")
SCRIPT = re.compile(r"<script\b[^>]*?\bsrc=\"([^\"]+)\"")
NAMED_ONLY = re.compile(r"<link rel=\"(?:canonical|alternate)\"[^>]*>")


@pytest.fixture
async def pages(visitor, database: Database, organization) -> dict[str, str]:
    """A page of each kind that somebody meets who buys."""
    event = await make_event(database, organization)
    cart = await visitor.cart(event, 1)
    seen = {"home": "", "event": f"/events/{event.slug}", "checkout": cart, "find": "/orders"}
    texts = {name: (await visitor.open(path)).text for name, path in seen.items()}
    texts["order"] = (await visitor.http.get(await visitor.place(cart))).text
    return texts


async def test_pages_of_a_shop_load_little_script_and_nothing_from_elsewhere(pages, visitor):
    weights = {}
    for name, page in pages.items():
        addresses = LOADED.findall(NAMED_ONLY.sub("", page))
        assert [one for one in addresses if not one.startswith("/") or one.startswith("//")] == [], name
        scripts = [await visitor.http.get(one) for one in SCRIPT.findall(page)]
        assert all(one.status_code == 200 for one in scripts), name
        weights[name] = sum(len(gzip.compress(one.content)) for one in scripts)

    assert {name: weight for name, weight in weights.items() if not 0 < weight <= SCRIPT_BYTES_MAX} == {}


async def test_files_are_compressed_for_who_reads_that(pages, visitor):
    sheet = re.findall(r'href="(/static/[^"]*/parts\.css)"', pages["event"])[0]
    font = re.findall(r'href="(/static/[^"]*\.woff2)"', pages["event"])[0]

    async def asked(address: str, accepted: str) -> httpx.Response:
        return await visitor.http.get(address, headers={"Accept-Encoding": accepted})

    plain = await asked(sheet, "identity")
    packed = [await asked(sheet, accepted) for accepted in ("gzip, deflate, br", "br;q=1, GZIP;q=0.5")]
    refused = [await asked(sheet, accepted) for accepted in ("br", "gzip;q=0", "gzip;q=0.0, br")]
    already = await asked(font, "gzip")

    assert {one.headers.get("Content-Encoding") for one in (plain, *refused, already)} == {None}
    assert {one.headers["Content-Encoding"] for one in packed} == {"gzip"}
    assert {one.text for one in (*packed, *refused)} == {plain.text}
    assert {one.headers["Vary"] for one in (plain, *packed, *refused)} == {"Accept-Encoding"}
    assert int(packed[0].headers["Content-Length"]) * 3 < int(plain.headers["Content-Length"])
