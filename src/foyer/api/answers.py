"""Answers of the busiest routes."""

from typing import TypeVar

import msgspec

from foyer.infra.ready import Ready

T = TypeVar("T", bound=msgspec.Struct)


class Answer(Ready[T]):
    """A value as JSON, sent as it is: no cookies, headers or encoders to be looked for, which would take longer than the encoding."""

    def __init__(self, content: T, *, status_code: int = 200) -> None:
        body = msgspec.json.encode(content)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        super().__init__(status_code, headers, body)
