"""What every request passes through: an id, a log line, and the question whether the client is still there."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from itertools import count
from typing import Any, Final

from foyer.infra import metrics
from foyer.infra.admission import Admission
from foyer.infra.db.gate import IS_APART
from foyer.infra.telemetry import request_log
from foyer.kernel.ids import crockford

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_PROCESS: Final = crockford(8).encode()
"""Random, for ids that no other process gives; the number of the request follows it."""
_numbers: Final = count(1)
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9_.-]{8,64}")
_LINK: Final = "/access/"
"""What stands behind it in a shop opens a private event to whoever has it."""
_OFFICE: Final = "/office/"
SECURITY_HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
NOT_ASKED: Final = (b"permissions-policy", b"camera=(), microphone=(), geolocation=()")
"""For answers that do not say what they ask of a device; the door's page alone wants the camera."""
NOT_KEPT: Final = (b"cache-control", b"no-store")
"""For answers that do not say how long they hold."""


async def plainly_busy(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Turn somebody away without a page."""
    headers = [(b"retry-after", b"1"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


class Doorman:
    """Outermost layer: lets in as many as fit, names each request, completes its answer's headers, writes one log line."""

    def __init__(self, app: App, admission: Admission | None = None, turn_away: App = plainly_busy) -> None:
        self.app = app
        self.admission = admission or Admission()
        self.turn_away = turn_away
        self.before_leaving: Callable[[], None] = lambda: None
        """What the server does before it waits for what is under way: an answer without an end has to be told."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = scope["method"]
        if method == "HEAD":  # answered as GET; the server leaves the body out
            scope = {**scope, "method": "GET", "state": {**scope.get("state", {}), "is_head": True}}
        started = time.perf_counter()
        request_id = _given_id(scope) or b"%s%08d" % (_PROCESS, next(_numbers))
        name = scope.setdefault("state", {})["request_id"] = request_id.decode()
        status, answered = 0, 0.0

        async def named_send(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status, answered = message["status"], time.perf_counter()
                said, named = message["headers"], dict(message["headers"])
                headers = message["headers"] = [*said, (b"x-request-id", request_id), *SECURITY_HEADERS]
                if NOT_ASKED[0] not in named:
                    headers.append(NOT_ASKED)
                if NOT_KEPT[0] not in named:
                    headers.append(NOT_KEPT)
            await send(message)

        room = self.admission.room_for(scope["path"])
        is_full = room.taken >= room.places
        # A request may begin in the context of the one before it on its connection.
        before = None if IS_APART.get() is room.is_apart else IS_APART.set(room.is_apart)
        room.taken += not is_full
        try:
            await (self.turn_away if is_full else self.app)(scope, receive, named_send)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # A queue has dropped the request because its client has left: nobody is there to be answered.
        finally:
            room.taken -= not is_full
            if before is not None:
                IS_APART.reset(before)
            # How long somebody listens is no time of ours.
            is_told = answered and room is self.admission.streams
            seconds = (answered if is_told else time.perf_counter()) - started
            request_log.write(
                request_id=name,
                method=method,
                path=_told(scope["path"]),
                status=status,
                seconds=seconds,
            )
            metrics.meter.request(method, scope.get("path_template"), status, seconds)


def _told(path: str) -> str:
    """A path as a log may have it: without the secret of an access link, of which the office's addresses have none."""
    if _LINK not in path or path.startswith(_OFFICE):
        return path
    return path.partition(_LINK)[0] + f"{_LINK}-"


def _given_id(scope: Scope) -> bytes | None:
    """An id that a proxy in front has given, when it looks like one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            return value if _REQUEST_ID.fullmatch(value) else None
    return None


async def is_gone(receive: Receive) -> bool:
    """Whether the client has left; asked once by requests that have waited long, after their body was read."""
    try:
        async with asyncio.timeout(0.001):
            message = await receive()
    except TimeoutError:
        return False
    return bool(message["type"] == "http.disconnect")
