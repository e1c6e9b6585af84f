"""Routes that break their word in one way each: every one is found, and one that keeps it is left alone."""

from collections.abc import Callable
from typing import Any

import pytest
from litestar import Litestar, Response, Router, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromQuery

from foyer.api import errors, openapi
from foyer.api.access import PUBLIC, declares, permission
from foyer.api.requests import AnyRequest, read
from foyer.kernel.errors import FoyerError, SoldOut
from foyer.kernel.wire import Wire
from tests.contract.driving import Told, configured, driven, loaded


class Wish(Wire, frozen=True):
    word: str
    count: int = 1


class Granted(Wire, frozen=True):
    word: str


def app_of(handler: Any) -> Litestar:
    """An application with one route beside its document, that refuses as the real one does."""

    @get("/openapi.json", opt=declares(PUBLIC))
    async def show_openapi() -> dict[str, object]:
        return openapi.document([handler])

    refusals: dict[Any, Callable[..., Response[bytes]]] = {
        FoyerError: errors.refused,
        HTTPException: errors.unroutable,
        Exception: errors.broken,
    }
    router = Router("/api/v1", route_handlers=[show_openapi, handler], exception_handlers=refusals)
    return Litestar([router], openapi_config=None, logging_config=None, exception_handlers=refusals)


def tried(handler: Any, mode: str = "positive") -> Told:
    config = configured("examples", "coverage", "fuzzing", examples=10, mode=mode)
    return driven(loaded(app_of(handler), config, lambda _: "x", lambda case: case))


@post("/wishes", opt=declares(PUBLIC, body=Wish), status_code=200)
async def keeps_its_word(request: AnyRequest) -> Granted:
    return Granted(word=(await read(request, Wish)).word)


@post("/wishes", opt=declares(PUBLIC, body=Wish), status_code=200)
async def takes_anything(request: AnyRequest) -> Granted:
    return Granted(word=str(await request.body()))


@post("/wishes", opt=declares(PUBLIC, body=Wish), status_code=200)
async def takes_nothing() -> Granted:
    raise errors.HTTPException(status_code=400, detail="No.")


@post("/wishes", opt=declares(PUBLIC, body=Wish), status_code=200)
async def breaks(request: AnyRequest) -> Granted:
    await read(request, Wish)
    raise errors.HTTPException(status_code=500, detail="This is our mistake.")


@post("/wishes", opt=declares(PUBLIC, body=Wish), status_code=200)
async def gives_something_else(request: AnyRequest) -> Granted:
    return Response({"words": (await read(request, Wish)).word})  # type: ignore[return-value]


@post("/wishes", opt=declares(PUBLIC, body=Wish), status_code=200)
async def gives_another_status(request: AnyRequest) -> Response[Granted]:
    return Response(Granted(word=(await read(request, Wish)).word), status_code=202)


@post("/wishes", opt=declares(PUBLIC, body=Wish), status_code=200)
async def gives_another_kind(request: AnyRequest) -> Response[str]:
    return Response((await read(request, Wish)).word, media_type="text/plain")


gives_another_kind.fn.__annotations__["return"] = Granted


@post("/wishes", opt=declares(PUBLIC, body=Wish), status_code=200)
async def refuses_with_another_code(request: AnyRequest) -> Granted:
    wish = await read(request, Wish)
    if wish.count > 1:
        raise UnheardOf("Only one.")
    return Granted(word=wish.word)


class UnheardOf(FoyerError):
    status = 422
    code = "unheard_of"


@post("/wishes", opt=declares(PUBLIC, body=Wish), status_code=200)
async def refuses_with_another_status(request: AnyRequest) -> Granted:
    await read(request, Wish)
    raise SoldOut("None left.")


@get("/wishes", opt=declares(permission("events:view")))
async def lets_everybody_in(word: FromQuery[str | None] = None) -> Granted:
    return Granted(word=word or "")


@pytest.mark.parametrize(
    ("handler", "finding"),
    [
        (takes_anything, "Schema-violating request accepted"),
        (takes_nothing, "Schema-valid request rejected"),
        (breaks, "Server error"),
        (gives_something_else, "Response violates schema"),
        (gives_another_status, "Undocumented status code"),
        (gives_another_kind, "Undocumented Content-Type"),
        (refuses_with_another_code, "Response violates schema"),
        (refuses_with_another_status, "Undocumented status code"),
        (lets_everybody_in, "API accepts requests without authentication"),
    ],
    ids=lambda value: getattr(value, "handler_name", ""),
)
def test_broken_word_is_found(handler, finding):
    found = [*tried(handler).findings, *tried(handler, "negative").findings]

    assert any(finding in one for one in found), found


def test_kept_word_is_left_alone():
    told = tried(keeps_its_word)

    assert told.findings == []
    assert told.unreached == []
    assert tried(keeps_its_word, "negative").findings == []
