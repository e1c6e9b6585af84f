"""The empty handler: server, doorman, router, route and body of a reserve, and a constant answer of the same size.

What a reserve costs beyond this is the price of selling; this is the price of being asked.
"""

import argparse
import sys
from datetime import UTC, datetime
from typing import Final, cast
from uuid import UUID

import msgspec
from litestar import Litestar, MediaType, Response, Router, get, post
from litestar.params import FromPath

from foyer import settings
from foyer.api import BODY_BYTES_MAX
from foyer.api.access import PUBLIC, declares
from foyer.api.requests import AnyRequest, read
from foyer.api.v1.carts import CartHeld, ReserveBody
from foyer.cli import serve
from foyer.domains.carts.types import CartLine, CartStatus
from foyer.infra.db.engine import Database
from foyer.infra.http import App, Doorman

_ID: Final = UUID("01890000-0000-7000-8000-000000000000")
_MOMENT: Final = datetime(2027, 1, 1, 12, 0, 0, 123456, UTC)
_LINE: Final = CartLine(
    id=_ID, ticket_type_id=_ID, type="ticket", name="Free", quantity=2, unit_price=0, unit_discount=0, unit_fee=0, unit_tax=0,
    tax_name=None, tax_rate_bps=None, tax_included=None, subtotal=0,
)  # fmt: skip
_ANSWER: Final = msgspec.json.encode(
    CartHeld(
        id=_ID,
        token="fyc_" + "x" * 43,
        event_id=_ID,
        session_id="x" * 38,
        status=CartStatus.ACTIVE,
        items=[_LINE],
        subtotal=0,
        discount_amount=0,
        fees=0,
        taxes=0,
        tax_lines=[],
        total=0,
        currency="EUR",
        discount_id=None,
        discount_code=None,
        customer=None,
        created_at=_MOMENT,
        updated_at=_MOMENT,
        expires_at=_MOMENT,
    )
)


@get("/readyz", opt=declares(PUBLIC), media_type=MediaType.TEXT)
async def readyz() -> str:
    return "ready"


@post("/shops/{slug:str}/carts", opt=declares(PUBLIC))
async def reserve_nothing(request: AnyRequest, slug: FromPath[str]) -> Response[bytes]:
    body = await read(request, ReserveBody)
    assert slug
    assert body.items
    return Response(_ANSWER, status_code=201, media_type=MediaType.JSON)


def build_empty(_settings: settings.Settings, _database: Database) -> Doorman:
    router = Router(
        "/api/v1",
        route_handlers=[reserve_nothing],
        request_max_body_size=BODY_BYTES_MAX,
    )
    app = Litestar(route_handlers=[readyz, router], openapi_config=None, logging_config=None)
    return Doorman(cast("App", app))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True)
    chosen = parser.parse_args()
    vars(serve)["build_app"] = (
        build_empty  # the same server to its last option, so that only the handler differs
    )
    sys.exit(serve.serve(settings.read(), fd=chosen.fd))
