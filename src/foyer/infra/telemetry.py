"""Log lines: one JSON object each, to standard output or a file."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

import msgspec
import structlog

_encoder = msgspec.json.Encoder(enc_hook=repr)


class _RequestLine(msgspec.Struct, frozen=True, gc=False):
    id: str
    method: str
    path: str
    status: int
    ms: float
    timestamp: datetime
    event: Literal["request"] = "request"
    level: Literal["info"] = "info"


class RequestLog:
    """The one line of every request. It passes no processors, since there are more of it than of all others together."""

    def __init__(self) -> None:
        self.out: BinaryIO | None = None
        """Where lines go; nowhere until the log is set up."""

    def write(self, *, request_id: str, method: str, path: str, status: int, seconds: float) -> None:
        if self.out is not None:
            line = _RequestLine(request_id, method, path, status, round(seconds * 1000, 2), datetime.now(UTC))
            self.out.write(_encoder.encode(line) + b"\n")
            self.out.flush()


request_log = RequestLog()


def _as_line(_logger: object, _method: str, event: Mapping[str, Any]) -> bytes:
    return _encoder.encode(event)


def set_up_log(target: str) -> None:
    """Send log lines to `-` (standard output) or to the end of a file."""
    out: BinaryIO = sys.stdout.buffer if target == "-" else _open(Path(target))
    request_log.out = out
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _as_line,
        ],
        logger_factory=structlog.BytesLoggerFactory(out),
        cache_logger_on_first_use=True,
    )


def _open(path: Path) -> BinaryIO:
    path.parent.mkdir(exist_ok=True)
    return path.open("ab", buffering=0)
