"""Answers that are ready to leave: what everybody is shown alike is drawn once, however many ask for it."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final, Generic, TypeVar, cast

from litestar import Request, Response
from litestar.response.base import ASGIResponse

from foyer.infra.http import Receive, Scope, Send

Shape = TypeVar("Shape")

ASKED_ANEW: Final = "public, max-age=0, must-revalidate"
"""Whoever keeps it, a browser or a proxy, asks each time whether it still holds: nothing is added to its age on the way."""


class Ready(Response[Shape], Generic[Shape]):
    """An answer as bytes, which may be given any number of times. It holds nothing that is one visitor's own."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        self.status_code = status  # all else that a response has is for making what is ready here
        self._head = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        self._body = body

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        return cast("ASGIResponse", self)

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self._head})
        await send({"type": "http.response.body", "body": self._body, "more_body": False})


class Tagged(Generic[Shape]):
    """What is shown to everybody, with a weak tag of its bytes: for who has them already there is only word that they hold."""

    def __init__(
        self, body: bytes, media_type: str, headers: Mapping[str, str] | None = None, *, tag: str = ""
    ) -> None:
        """Make it ready.

        Args:
            body: what is sent.
            media_type: of the body.
            headers: besides the type, the length, the tag and how long it holds.
            tag: changes with what the body means, where its bytes change with less than that.
        """
        tag = f'W/"{tag or hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        lasting = {"ETag": tag, "Cache-Control": ASKED_ANEW, **(headers or {})}
        self._tag = tag.encode()
        self._whole: Ready[Shape] = Ready(
            200, {"Content-Type": media_type, "Content-Length": str(len(body)), **lasting}, body
        )
        self._unchanged: Ready[Shape] = Ready(304, lasting)

    def to(self, request: Request[Any, Any, Any]) -> Ready[Shape]:
        """The answer to a request that may name the tags of what its sender has."""
        for name, value in request.scope["headers"]:
            if name == b"if-none-match" and self._is_among(value):
                return self._unchanged
        return self._whole

    def _is_among(self, tags: bytes) -> bool:
        return tags.strip() == b"*" or self._tag[2:] in (
            tag.strip().removeprefix(b"W/") for tag in tags.split(b",")
        )
