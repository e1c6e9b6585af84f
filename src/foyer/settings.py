"""The typed environment: every setting Foyer reads, with its default, unit and range.

A wrong value stops the start with one sentence that names the variable.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

from foyer.kernel.text import email_address


class SettingsError(Exception):
    """A setting cannot be used; the message is the sentence shown to the operator."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; made once at start by `read` and passed on."""

    data: Path
    """`FOYER_DATA`: directory for everything Foyer keeps on disk. Absolute."""
    database_url: str | None
    """`FOYER_DATABASE_URL`: the application role's login; `?pooler=transaction` through PgBouncer. None: the embedded server."""
    database_owner_url: str | None
    """`FOYER_DATABASE_OWNER_URL`: the owner's login; `foyer migrate` and `foyer run` change the schema with it, `foyer rehearse` cleans up."""
    host: str
    """`FOYER_HOST`: address to listen on. Default 127.0.0.1."""
    port: int
    """`FOYER_PORT`: 1 to 65535. Default 8000."""
    base_url: str
    """`FOYER_BASE_URL`: how the world reaches this installation. Default http://localhost:<port>."""
    web_workers: int
    """`FOYER_WEB_WORKERS`: web processes, 1 to 64. Default 2."""
    max_batch: int
    """`FOYER_MAX_BATCH`: requests that a desk writes at once, 1 to 1000. Default 256; 1 switches batching off."""
    max_requests: int
    """`FOYER_MAX_REQUESTS`: requests of the shop and the office under way at once in a web process, 10 to 100000. Default 2000."""
    secret_keys: tuple[str, ...]
    """`FOYER_SECRET_KEYS`: comma-separated, the first seals, all open; at least 32 characters each. Empty: one is made in FOYER_DATA."""
    log: str
    """`FOYER_LOG`: `-` for standard output, or a file's path. Default `-`."""
    smtp_url: str | None
    """`FOYER_SMTP_URL`: the mail server. `smtp://` speaks STARTTLS, `smtps://` TLS at once. None: mails are kept in FOYER_DATA."""
    mail_from: str
    """`FOYER_MAIL_FROM`: the address mails are sent from. Default tickets@<host of the base URL>."""
    metrics_port: int
    """`FOYER_METRICS_PORT`: loopback port of `/metrics`, 1 to 65535; 0, the default, serves none."""
    sign_up: bool
    """`FOYER_SIGN_UP`: `open` or `closed`. Whether strangers may make an organization. Default open."""
    proxies: tuple[str, ...]
    """`FOYER_PROXIES`: addresses, separated by commas, whose `X-Forwarded-For` is believed. Default none."""
    apple_wallet: Path | None
    """`FOYER_APPLE_WALLET_FILE`: PEM file with what signs passes for Apple's wallet. None: that wallet is not offered."""
    google_wallet: Path | None
    """`FOYER_GOOGLE_WALLET_FILE`: JSON key of a service account of Google. None: that wallet is not offered."""
    google_wallet_issuer: str | None
    """`FOYER_GOOGLE_WALLET_ISSUER`: the number of the issuer in Google's console; needed with the file, and only then."""
    demo: bool
    """`FOYER_DEMO`: `on` or `off`. Shows `/dev/mail` and `/dev/components`; `foyer run --demo` switches it on."""

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the environment.

    Raises:
        SettingsError: a variable has a value that cannot be used, or an unknown `FOYER_` name is set.
    """
    known = {
        "FOYER_DATA", "FOYER_DATABASE_URL", "FOYER_DATABASE_OWNER_URL", "FOYER_HOST", "FOYER_PORT", "FOYER_BASE_URL",
        "FOYER_WEB_WORKERS", "FOYER_MAX_BATCH", "FOYER_MAX_REQUESTS", "FOYER_SECRET_KEYS", "FOYER_LOG", "FOYER_SMTP_URL",
        "FOYER_MAIL_FROM", "FOYER_METRICS_PORT", "FOYER_SIGN_UP", "FOYER_PROXIES", "FOYER_DEMO", "FOYER_APPLE_WALLET_FILE",
        "FOYER_GOOGLE_WALLET_FILE", "FOYER_GOOGLE_WALLET_ISSUER",
    }  # fmt: skip
    unknown = sorted(name for name in environ if name.startswith("FOYER_") and name not in known)
    if unknown:
        raise SettingsError(f"{unknown[0]} is not a setting of Foyer; known are {', '.join(sorted(known))}.")
    port = _integer(environ, "FOYER_PORT", 8000, 1, 65535)
    base_url = _web_url(environ, "FOYER_BASE_URL", f"http://localhost:{port}")
    return Settings(
        data=Path(environ.get("FOYER_DATA") or ".foyer").absolute(),
        database_url=_postgres_url(environ, "FOYER_DATABASE_URL", poolers={"transaction"}),
        database_owner_url=_postgres_url(environ, "FOYER_DATABASE_OWNER_URL", poolers=set()),
        host=environ.get("FOYER_HOST") or "127.0.0.1",
        port=port,
        base_url=base_url,
        web_workers=_integer(environ, "FOYER_WEB_WORKERS", 2, 1, 64),
        max_batch=_integer(environ, "FOYER_MAX_BATCH", 256, 1, 1000),
        max_requests=_integer(environ, "FOYER_MAX_REQUESTS", 2000, 10, 100_000),
        secret_keys=_secrets(environ, "FOYER_SECRET_KEYS"),
        log=environ.get("FOYER_LOG") or "-",
        smtp_url=_smtp_url(environ, "FOYER_SMTP_URL"),
        mail_from=_address(environ, "FOYER_MAIL_FROM", f"tickets@{urlsplit(base_url).hostname}"),
        metrics_port=_integer(environ, "FOYER_METRICS_PORT", 0, 0, 65535),
        sign_up=_choice(environ, "FOYER_SIGN_UP", "open", "closed"),
        proxies=_addresses(environ, "FOYER_PROXIES"),
        apple_wallet=_file(environ, "FOYER_APPLE_WALLET_FILE"),
        google_wallet=_file(environ, "FOYER_GOOGLE_WALLET_FILE"),
        google_wallet_issuer=_issuer(environ, "FOYER_GOOGLE_WALLET_ISSUER", "FOYER_GOOGLE_WALLET_FILE"),
        demo=not _choice(environ, "FOYER_DEMO", "off", "on"),
    )


def _choice(environ: Mapping[str, str], name: str, default: str, other: str) -> bool:
    """Whether it is the default of two words."""
    text = environ.get(name) or default
    if text not in {default, other}:
        raise SettingsError(f"{name} must be {default} or {other}, not {text!r}.")
    return text == default


def _smtp_url(environ: Mapping[str, str], name: str) -> str | None:
    text = environ.get(name)
    if not text:
        return None
    parts = _parts(text)
    if (
        parts.scheme not in {"smtp", "smtps"}
        or not parts.hostname
        or not _has_port(parts)
        or parts.path.strip("/")
    ):
        raise SettingsError(f"{name} must look like smtp://user:password@mail.example.org:587.")
    return text


def _address(environ: Mapping[str, str], name: str, default: str) -> str:
    text = environ.get(name)
    if not text or text == default:
        return default
    try:
        return email_address(text)
    except ValueError as wrong:
        raise SettingsError(f"{name} must be an email address. {wrong}") from None


def _addresses(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    given = tuple(one.strip() for one in environ.get(name, "").split(",") if one.strip())
    for one in given:
        try:
            ip_network(one, strict=False)
        except ValueError:
            raise SettingsError(
                f"{name} must hold addresses like 10.0.0.2 or 10.0.0.0/8, not {one!r}."
            ) from None
    return given


def _file(environ: Mapping[str, str], name: str) -> Path | None:
    """Where a file is; whether it can be used is seen by whoever needs it, and by `foyer doctor`."""
    text = environ.get(name)
    return Path(text).absolute() if text else None


def _issuer(environ: Mapping[str, str], name: str, beside: str) -> str | None:
    text = environ.get(name)
    if bool(text) != bool(environ.get(beside)):
        raise SettingsError(f"{name} and {beside} belong together; set both or none.")
    if text and not (text.isascii() and text.isdigit()):
        raise SettingsError(
            f"{name} must be the number of the issuer, like 3388000000012345678, not {text!r}."
        )
    return text or None


def _integer(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    try:
        value = int(text)
    except ValueError:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}, not {text!r}.") from None
    if not low <= value <= high:
        raise SettingsError(f"{name} must be from {low} to {high}, not {value}.")
    return value


def _postgres_url(environ: Mapping[str, str], name: str, *, poolers: set[str]) -> str | None:
    text = environ.get(name)
    if not text:
        return None
    parts = _parts(text)
    if parts.scheme not in {"postgresql", "postgres"} or not _has_port(parts):
        raise SettingsError(f"{name} must look like postgresql://user:password@host:5432/database.")
    pooler = dict(parse_qsl(parts.query)).get("pooler")
    if pooler is not None and pooler not in poolers:
        raise SettingsError(
            f"{name} cannot have pooler={pooler}; "
            + ("only pooler=transaction is known." if poolers else "it has to lead to the server itself.")
        )
    return text


def _web_url(environ: Mapping[str, str], name: str, default: str) -> str:
    text = (environ.get(name) or default).rstrip("/")
    parts = _parts(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"{name} must look like https://tickets.example.org, not {text!r}.")
    return text


def _parts(text: str) -> SplitResult:
    """The parts of a URL; of something that is none, empty ones."""
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")


def _has_port(parts: SplitResult) -> bool:
    """Whether the port is a number, or not given at all."""
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def _secrets(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in environ.get(name, "").split(",") if key.strip())
    if any(len(key) < 32 for key in keys):
        raise SettingsError(
            f"{name} must hold keys of at least 32 characters; `openssl rand -hex 32` makes one."
        )
    return keys
