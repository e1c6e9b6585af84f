"""The empty handlers: the whole application with other routes, which read the same body and give one answer for all.

What an operation costs beyond this is the price of selling; this is the price of being asked.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Final

from litestar import MediaType, Response, get, post
from litestar.params import FromPath

from foyer import settings
from foyer.api import v1
from foyer.api.access import PUBLIC, declares, holder
from foyer.api.requests import AnyRequest, read
from foyer.api.v1.carts import CheckoutBody, ReserveBody
from foyer.api.v1.check_ins import CheckInBody
from foyer.api.v1.holding import CART
from foyer.cli.serve import serve
from foyer.web import storefront
from foyer.web.shared.render import POLICY

ANSWERS: Final = Path(os.environ.get("FOYER_DATA", ".")) / "answers"
"""One answer that each operation has given, by its name."""


def keep(data: Path, name: str, answer: bytes) -> None:
    """Let the empty handler give this answer."""
    directory = data / "answers"
    directory.mkdir(exist_ok=True)
    (directory / name).write_bytes(answer)


def _kept(name: str) -> bytes:
    path = ANSWERS / name
    return path.read_bytes() if path.exists() else b"{}"


_RESERVE, _PLACE, _CHECK_IN = (_kept(name) for name in ("reserve", "place", "check-in"))
_PAGE, _OFFER = _kept("page").decode(), _kept("offer")


@post("/shops/{slug:str}/carts", opt=declares(PUBLIC))
async def reserve_nothing(request: AnyRequest, slug: FromPath[str]) -> Response[bytes]:
    body = await read(request, ReserveBody)
    assert slug
    assert body.items
    return Response(_RESERVE, status_code=201, media_type=MediaType.JSON)


@post("/shops/{slug:str}/carts/{cart_id:uuid}/checkout", opt=declares(holder(CART)))
async def place_nothing(request: AnyRequest, slug: FromPath[str]) -> Response[bytes]:
    body = await read(request, CheckoutBody)
    assert slug
    assert body.payment_method
    return Response(_PLACE, status_code=201, media_type=MediaType.JSON)


@post("/check-ins", opt=declares(holder(CART)))
async def admit_nobody(request: AnyRequest) -> Response[bytes]:
    """Guarded, but by a guard that does not ask the database: that is part of the price of a check-in."""
    body = await read(request, CheckInBody)
    assert body.qr
    return Response(_CHECK_IN, status_code=200, media_type=MediaType.JSON)


@get("/shops/{slug:str}/events/{event:str}", opt=declares(PUBLIC))
async def offer_nothing(slug: FromPath[str], event: FromPath[str]) -> Response[bytes]:
    assert slug
    assert event
    return Response(_OFFER, media_type=MediaType.JSON)


@get("/{slug:str}/events/{event_slug:str}")
async def show_nothing(slug: FromPath[str], event_slug: FromPath[str]) -> Response[str]:
    assert slug
    assert event_slug
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store"}
    return Response(_PAGE, media_type=MediaType.HTML, headers=headers)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True)
    chosen = parser.parse_args()
    # Server, layers, router and guards are the product's own to their last option; only the handlers differ.
    vars(v1)["ROUTES"] = [reserve_nothing, place_nothing, admit_nobody, offer_nothing]
    vars(storefront)["ROUTES"] = [show_nothing]
    sys.exit(serve(settings.read(), fd=chosen.fd))
