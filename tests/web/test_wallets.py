"""Tickets in the wallets of phones: signed so that a phone takes them, for who holds the ticket, and only with keys."""

import asyncio
import hashlib
import io
import json
import re
import zipfile
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from PIL import Image

from foyer.domains.checkout.types import WantedRefund
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.orders.types import CancelReason
from tests.support.wallets import ACCOUNT, ISSUER, PASS_TYPE, TEAM, chain, google_file, is_signed
from tests.support.world import KEYRING, make_event, running_app, settings_for
from tests.web.conftest import Visitor, order_id, words

SAVE = "https://pay.google.com/gp/v/save/"
APPLE, GOOGLE = "apple-wallet", "google-wallet"


@dataclass
class Keyed:
    """An installation with keys, and what phones know of them."""

    client: httpx.AsyncClient
    root: bytes
    google: RSAPublicKey


@pytest.fixture(scope="module")
async def keyed(app_url, tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("keys")
    apple, (google, public) = chain(), google_file(folder)
    given = {"apple_wallet": apple.written(folder), "google_wallet": google, "google_wallet_issuer": ISSUER}
    async with running_app(settings_for(folder, **given), app_url) as client:
        yield Keyed(client, apple.root, public)


@pytest.fixture
async def holder(keyed, organization):
    async with httpx.AsyncClient(transport=keyed.client._transport, base_url="http://localhost:8000") as http:
        yield Visitor(http, organization)


@pytest.fixture
async def event(database, organization):
    return await make_event(
        database, organization, TicketTypeDraft(name="Seat", quantity=9, price=10_000),
        TicketTypeDraft(name="Child", quantity=9, is_free=True, sort_order=1), title='Nachtstück 夜 "2"',
        venue_name="Dock", address="Kai 1", city="Kiel", zip_code="24103", country="DE",
    )  # fmt: skip


async def own_link(visitor, order: str) -> str:
    """The link to the first ticket of an order."""
    page = (await visitor.http.get(order)).text
    return re.search(r'href="(/[^"]+/tickets/[^"/]+\?key=[^"]+)"', page)[1]


async def asked(visitor, link: str, wallet: str) -> httpx.Response:
    return await visitor.http.get(link.replace("?", f"/{wallet}?"))


async def asked_api(client, link: str, wallet: str) -> httpx.Response:
    path, _, key = link.partition("?key=")
    return await client.get(f"/api/v1/shops{path}/{wallet}", headers={"Authorization": f"Bearer {key}"})


def claims_of(address: str, key: RSAPublicKey) -> dict:
    """What a saving address says, once its signature was looked at."""
    said, _, signature = address.removeprefix(SAVE).rpartition(".")
    key.verify(raw(signature), said.encode(), PKCS1v15(), SHA256())
    assert json.loads(raw(said.partition(".")[0])) == {"alg": "RS256", "typ": "JWT"}
    return json.loads(raw(said.partition(".")[2]))


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


async def test_pass_is_signed_whole_and_its_code_opens_the_door(holder, keyed, event, organization, tmp_path):
    link = await own_link(holder, await holder.order(event, 0, 1))
    page = (await holder.http.get(link)).text
    assert f'href="{link.replace("?", f"/{APPLE}?")}"' in page
    assert f'href="{link.replace("?", f"/{GOOGLE}?")}"' in page

    answer = await asked(holder, link, APPLE)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/vnd.apple.pkpass")
    assert answer.headers["cache-control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest, signature = files.pop("manifest.json"), files.pop("signature")
    digests = {name: hashlib.sha1(content).hexdigest() for name, content in files.items()}
    assert json.loads(manifest) == digests
    assert await asyncio.to_thread(is_signed, signature, manifest, keyed.root, tmp_path)
    changed = manifest.replace(b"icon", b"Icon")
    assert not await asyncio.to_thread(is_signed, signature, changed, keyed.root, tmp_path)
    other = (await asyncio.to_thread(chain)).root
    assert not await asyncio.to_thread(is_signed, signature, manifest, other, tmp_path)

    assert [Image.open(io.BytesIO(files[f"icon{size}.png"])).size[0] for size in ("", "@2x", "@3x")] == [
        29,
        58,
        87,
    ]
    told = json.loads(files["pass.json"])
    assert (told["passTypeIdentifier"], told["teamIdentifier"], told["formatVersion"]) == (PASS_TYPE, TEAM, 1)
    assert datetime.fromisoformat(told["relevantDate"]) == event.starts_at
    assert re.fullmatch(r"rgb\(\d+, \d+, \d+\)", told["backgroundColor"])
    front = told["eventTicket"]
    assert front["primaryFields"][0]["value"] == event.title
    shown = [field["value"] for fields in front.values() for field in fields]
    assert {"Mira Berg", "Child", "Dock", f"http://localhost:8000{link}"} <= set(shown)
    (code,) = told["barcodes"]
    admitted = await keyed.client.post(
        "/api/v1/check-ins",
        json={"eventId": str(event.id), "qr": code["message"]},
        headers=organization.door,
    )
    assert admitted.json()["result"] == "admitted"


async def test_google_is_told_what_is_signed_and_short_enough(holder, keyed, event):
    link = await own_link(holder, await holder.order(event, 0, 1))

    answer = await asked(holder, link, GOOGLE)

    assert answer.status_code == 303
    address = answer.headers["location"]
    assert address.startswith(SAVE)
    assert len(address) < 2000
    claims = claims_of(address, keyed.google)
    assert (claims["iss"], claims["aud"], claims["typ"]) == (ACCOUNT, "google", "savetowallet")
    (kind,), (one,) = claims["payload"]["eventTicketClasses"], claims["payload"]["eventTicketObjects"]
    assert one["classId"] == kind["id"]
    assert {kind["id"].partition(".")[0], one["id"].partition(".")[0]} == {ISSUER}
    assert kind["eventName"]["defaultValue"]["value"] == event.title
    assert kind["venue"]["address"]["defaultValue"]["value"].startswith("Kai 1, 24103 Kiel")
    assert datetime.fromisoformat(kind["dateTime"]["start"]) == event.starts_at
    assert (one["ticketHolderName"], one["state"]) == ("Mira Berg", "ACTIVE")
    told = zipfile.ZipFile(io.BytesIO((await asked(holder, link, APPLE)).content)).read("pass.json")
    assert one["barcode"]["value"] == json.loads(told)["barcodes"][0]["message"]
    last = "A" if address[-5] != "A" else "B"
    with pytest.raises(InvalidSignature):
        claims_of(address[:-5] + last + address[-4:], keyed.google)


async def test_api_gives_both_to_the_holder(holder, keyed, event):
    link = await own_link(holder, await holder.order(event, 0, 1))

    apple, google = [await asked_api(keyed.client, link, wallet) for wallet in (APPLE, GOOGLE)]

    assert (apple.status_code, apple.headers["content-type"]) == (200, "application/vnd.apple.pkpass")
    assert "pass.json" in zipfile.ZipFile(io.BytesIO(apple.content)).namelist()
    assert claims_of(google.json()["address"], keyed.google)["iss"] == ACCOUNT


async def test_without_keys_no_wallet_is_offered(visitor, client, event):
    link = await own_link(visitor, await visitor.order(event, 0, 1))

    page = (await visitor.http.get(link)).text
    assert "wallet" not in page.lower()
    for wallet in (APPLE, GOOGLE):
        assert (await asked(visitor, link, wallet)).status_code == 404
        refused = await asked_api(client, link, wallet)
        assert (refused.status_code, refused.json()["code"]) == (404, "no_wallet")


async def test_ticket_that_opens_no_door_is_for_no_wallet(holder, keyed, office, event, owner_sql):
    cancelled, refunded = await holder.order(event, 0, 1), await holder.order(event, 1)
    await office.paid(refunded)
    links = [await own_link(holder, order) for order in (cancelled, refunded)]
    for link in links:
        assert (await asked(holder, link, GOOGLE)).status_code == 303
    await office.cancel(cancelled, CancelReason.STAFF)
    line = await owner_sql.fetchval("SELECT id FROM order_items WHERE order_id = $1", order_id(refunded))
    await office.refund(refunded, [WantedRefund(order_item_id=line, quantity=1)])

    for link in links:
        assert "wallet" not in (await holder.http.get(link)).text.lower()
        for wallet in (APPLE, GOOGLE):
            assert (await asked(holder, link, wallet)).status_code == 404
            refused = await asked_api(keyed.client, link, wallet)
            assert (refused.status_code, refused.json()["code"]) == (404, "no_wallet")


async def test_nobody_gets_the_pass_of_another(holder, keyed, event, organization):
    order = await holder.order(event, 0, 2)
    link = await own_link(holder, order)
    bare, _, key = link.partition("?key=")
    foreign = KEYRING.holder_token("ticket", organization.id, organization.id)
    for wallet in (APPLE, GOOGLE):
        for wrong in ("", foreign, order.partition("?key=")[2]):
            assert (await holder.http.get(f"{bare}/{wallet}?key={wrong}")).status_code == 404
            if wrong != order.partition("?key=")[2]:
                answer = await asked_api(keyed.client, f"{bare}?key={wrong}", wallet)
                assert answer.status_code in {401, 404}

    handed = await holder.http.post(
        f"{bare}/transfer?key={key}", data={"email": "ida@example.org"}, headers={"Sec-Fetch-Site": "same-origin"}
    )  # fmt: skip
    assert handed.status_code == 200
    for wallet in (APPLE, GOOGLE):
        gone = await asked(holder, link, wallet)
        assert "This ticket was handed on" in words(gone.text)
        for former in (key, order.partition("?key=")[2]):
            answer = await asked_api(keyed.client, f"{bare}?key={former}", wallet)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
