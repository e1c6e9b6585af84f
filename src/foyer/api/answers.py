"""Answers of the busiest routes."""

from typing import Any, Final, TypeVar

import msgspec
from litestar import Response

from foyer.infra.http import Receive, Scope, Send

T = TypeVar("T", bound=msgspec.Struct)

_encoder: Final = msgspec.json.Encoder()


class Answer(Response[T]):
    """A value as JSON, sent as it is: no cookies, headers or encoders to be looked for, which would take longer than the encoding."""

    def __init__(self, content: T, *, status_code: int = 200) -> None:
        self.content = content
        self.status_code = status_code

    def to_asgi_response(self, *_: object, **__: object) -> Any:
        return self

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        body = _encoder.encode(self.content)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": body})
