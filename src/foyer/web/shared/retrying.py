"""A page for too much at once: it tries again by itself, and what was typed goes along with it."""

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from foyer.domains.organizations.types import Shop
from foyer.infra.ready import Ready
from foyer.kernel.errors import Busy, FoyerError
from foyer.kernel.language import said
from foyer.kernel.text import is_slug
from foyer.web.shared import words
from foyer.web.shared.origin import SAFE, is_our_own
from foyer.web.shared.pages import BusyPage
from foyer.web.shared.render import POLICY, drawn, markup, tongue

PAGE: Final = "shop/busy.html"
PAGES_KEPT: Final = 128
FIELDS_MAX: Final = 400
BODY_SECONDS: Final = 2.0
"""How long this page, which everybody else waits for too, waits for the rest of a form."""
CALM_SECONDS: Final = 15
"""How often a page without a script tries again: it cannot count its tries, and so it does not hurry."""
GO_BACK: Final = said("Nothing was changed. Go back with your browser: what you typed is still there.")
FORM: Final = "application/x-www-form-urlencoded"


def address_of(request: Request[Any, Any, Any]) -> str:
    """Path and query of what was asked for, never the address of another site."""
    path, query = (request.scope[part].decode("ascii", "replace") for part in ("raw_path", "query_string"))
    return "/" + path.lstrip("/\\") + (f"?{query}" if query else "")


def calm_seconds(busy: FoyerError) -> int:
    """Between two tries of a page without a script; spread, as the others are."""
    return CALM_SECONDS + (busy.retry_after_seconds or 0)


class Retrying(Response[None]):
    """The answer to whoever came at the wrong moment. The form is read only now: what refused it may not have come to that."""

    def __init__(self, busy: Busy, shop: Shop | None, cookies: Sequence[Cookie] = ()) -> None:
        super().__init__(None, status_code=busy.status, cookies=list(cookies))
        self._busy = busy
        self._shop = shop

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **more: Any) -> ASGIResponse:  # noqa: ARG002 - nothing of the handler's applies
        return _Late(self, request)

    async def drawn(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """The page; a sentence for whoever wants a picture, a calendar or the like."""
        headers = {"Retry-After": str(self._busy.retry_after_seconds)}
        wanted = request.headers.get("accept", "*/*")
        if "text/html" not in wanted and wanted != "*/*":
            headers["Cache-Control"] = "no-store"
            return Response(
                words.told(self._busy.detail), status_code=503, media_type="text/plain", headers=headers
            )
        page = BusyPage(
            shop=self._shop,
            sentence=f"{words.told(self._busy.detail)} {words.told(GO_BACK)}",
            address=address_of(request),
            is_form=request.scope["method"] not in SAFE,
            fields=await _fields(request),
            pause_seconds=self._busy.retry_after_seconds or 1,
            calm_seconds=calm_seconds(self._busy),
        )
        if not page.is_form and not self.cookies:
            return _waiting(page, words.language())
        return drawn(PAGE, page, status=503, cookies=self.cookies, headers=headers)


@lru_cache(maxsize=PAGES_KEPT)
def _waiting(page: BusyPage, _language: str) -> Ready[Any]:
    """A page without a form is the same for all who wait for it, and it is drawn in the very moment that has no time for it."""
    body = markup(PAGE, page).encode()
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
        "Content-Security-Policy": POLICY,
        "Cache-Control": "private, no-store",
        "Retry-After": str(page.pause_seconds),
        **tongue(),
    }
    return Ready(503, headers, body)


class _Late(ASGIResponse):
    """Draws its page when it is sent, and not before."""

    def __init__(self, retrying: Retrying, request: Request[Any, Any, Any]) -> None:
        super().__init__(status_code=503)
        self._retrying = retrying
        self._request = request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._retrying.drawn(self._request)
        await answer.to_asgi_response(app=None, request=self._request)(scope, receive, send)


async def _fields(request: Request[Any, Any, Any]) -> list[tuple[str, str]] | None:
    """What a form of a shop has sent, to be sent once more; None where that must not be, or cannot.

    Never what staff type, where it may be a password. Never what a page of another site has sent: from ours it would be believed.
    """
    slug = request.scope["path"].split("/")[1]
    is_form = request.headers.get("content-type", "").partition(";")[0].strip() == FORM
    if request.scope["method"] in SAFE or not (is_form and is_slug(slug) and is_our_own(request)):
        return None
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await request.body()
        return parse_qsl(body.decode("ascii"), True, max_num_fields=FIELDS_MAX, errors="strict")
    except (TimeoutError, HTTPException, ValueError):
        return None
