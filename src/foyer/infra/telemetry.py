"""Log lines: one JSON object each, to standard output or a file."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import structlog

_encoder = msgspec.json.Encoder(enc_hook=repr)


def _as_line(_logger: object, _method: str, event: Mapping[str, Any]) -> bytes:
    return _encoder.encode(event)


def set_up_log(target: str) -> None:
    """Send log lines to `-` (standard output) or to the end of a file."""
    out: BinaryIO = sys.stdout.buffer if target == "-" else _open(Path(target))
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
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("ab", buffering=0)
