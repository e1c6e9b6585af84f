"""Drawing pages: templates, static files with a hash in their address, the headers every page carries."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie

from foyer.web.shared import filters

ROOT: Final = Path(__file__).resolve().parents[1]
STATIC: Final = ROOT / "static"
KINDS: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
FOR_NOW: Final = {"Cache-Control": "public, max-age=60"}
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

AnyRequest = Request[Any, Any, Any]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset
    filters.install(environment)
    return environment


@cache
def _hash(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so a browser may keep it for ever."""
    return f"/static/{_hash(name)}/{name}"


@cache
def static_names() -> frozenset[str]:
    return frozenset(path.name for path in STATIC.iterdir() if path.suffix in KINDS)


def drawn(
    template: str, page: object, *, status: int = 200, cookies: list[Cookie] | None = None
) -> Response[str]:
    """A page; `page` is the dataclass its template reads."""
    return Response(
        _environment().get_template(template).render(page=page),
        status_code=status,
        media_type=MediaType.HTML,
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store"},
        cookies=cookies or [],
    )


def image(svg: str) -> Response[str]:
    """A drawing of our own, whose address changes with what it shows."""
    headers = {**FOR_EVER, "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return Response(svg, media_type="image/svg+xml", headers=headers)
