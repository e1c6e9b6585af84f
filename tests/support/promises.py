"""What the document of the API promises, held against every answer that a test gets to see."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from foyer.api import openapi, v1

Look = Callable[[httpx.Response], Awaitable[None]]


def looking_on() -> Look:
    """A hook for a client: an answer whose status or code the document does not list fails the test that asked."""
    document: dict[str, Any] = openapi.document(v1.ROUTES)
    answers = document["components"]["responses"]
    known = [
        (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path, methods)
        # `/orders/export` is asked before `/orders/{order_id}`.
        for path, methods in sorted(document["paths"].items(), key=lambda entry: entry[0].count("{"))
    ]

    async def look(response: httpx.Response) -> None:
        asked = response.request
        for pattern, path, methods in known:
            if not pattern.fullmatch(asked.url.path) or asked.method.lower() not in methods:
                continue
            label, listed = f"{asked.method} {path}", methods[asked.method.lower()]["responses"]
            promise = listed.get(str(response.status_code))
            assert promise is not None, (
                f"{label} answers {response.status_code}, the document lists {[*listed]}"
            )
            if "$ref" in promise:
                await response.aread()
                codes = promise["$ref"].rpartition("/")[2]
                schema = answers[codes]["content"]["application/problem+json"]["schema"]
                listed = schema["allOf"][1]["properties"]["code"]["enum"]
                code = response.json()["code"]
                assert code in listed, f"{label} refuses with {code}, the document lists {listed}"
            return

    return look
