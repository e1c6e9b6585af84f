"""Drawing pages: templates, static files with a hash in their address, the headers every page carries."""

import gzip
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Request, Response
from litestar.datastructures import Cookie

from foyer.infra.ready import Tagged
from foyer.web.shared import filters, words
from foyer.web.shared.redirect import here
from foyer.web.shared.script_words import script_words

ROOT: Final = Path(__file__).resolve().parents[1]
STATIC: Final = ROOT / "static"
KINDS: Final = {
    ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".wasm": "application/wasm",
}  # fmt: skip
FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
FOR_NOW: Final = {"Cache-Control": "public, max-age=60"}
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FRAMED: Final = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""For what any website may show inside a page of its own; browsers heed it before `X-Frame-Options`."""
FRAMING: Final = f"{POLICY}; frame-src 'self'"
"""For a page that shows another one of ours inside it."""

PACKED_SHARE_MAX: Final = 0.9
NEIGHBOUR: Final = re.compile(r'url\("([a-z/-]+\.woff2)"\)')

AnyRequest = Request[Any, Any, Any]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(words._, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        asset=asset,
        language=words.language,
        direction=words.direction,
        languages=words.NAMES,
        own_address=here,
        script_words=script_words,
    )
    filters.install(environment)
    return environment


@cache
def static_file(name: str) -> bytes:
    """A file of `static_names`. Fonts that a style sheet names get their lasting addresses."""
    content = (STATIC / name).read_bytes()
    if name.endswith(".css"):
        return NEIGHBOUR.sub(lambda hit: f'url("{asset(hit[1])}")', content.decode()).encode()
    return content


@cache
def packed(name: str) -> bytes | None:
    """The same file compressed, or None where that makes it no smaller worth speaking of: fonts are compressed already."""
    content = static_file(name)
    smaller = gzip.compress(content, compresslevel=9, mtime=0)
    return smaller if len(smaller) < PACKED_SHARE_MAX * len(content) else None


@cache
def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so a browser may keep it for ever."""
    return f"/static/{hashlib.sha256(static_file(name)).hexdigest()[:12]}/{name}"


@cache
def static_names() -> frozenset[str]:
    """Every file that is served, as its path below the folder."""
    return frozenset(
        path.relative_to(STATIC).as_posix()
        for path in STATIC.rglob("*")
        if path.suffix in KINDS and path.is_file()
    )


def markup(template: str, page: object) -> str:
    """A page as text; `page` is the dataclass its template reads."""
    return _environment().get_template(template).render(page=page)


def for_everybody(template: str, page: object, *, policy: str = POLICY) -> Tagged[Any]:
    """A page that is the same for whoever opens it, ready to be given away any number of times."""
    return Tagged(
        markup(template, page).encode(),
        "text/html; charset=utf-8",
        {"Content-Security-Policy": policy, **tongue()},
    )


def tongue() -> dict[str, str]:
    """In which language an answer is, and what decides that."""
    return {"Content-Language": words.language(), "Vary": "Accept-Language, Cookie"}


def drawn(
    template: str,
    page: object,
    *,
    status: int = 200,
    cookies: list[Cookie] | None = None,
    headers: dict[str, str] | None = None,
) -> Response[str]:
    """A page for one visitor. `headers` come beside, or instead of, those every page has."""
    return Response(
        markup(template, page),
        status_code=status,
        media_type=MediaType.HTML,
        headers={
            "Content-Security-Policy": POLICY,
            "Cache-Control": "private, no-store",
            **tongue(),
            **(headers or {}),
        },
        cookies=cookies or [],
    )


def image(svg: str) -> Response[str]:
    """A drawing of our own, whose address changes with what it shows."""
    headers = {**FOR_EVER, "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return Response(svg, media_type="image/svg+xml", headers=headers)


def paper(content: bytes, name: str, kind: str = "application/pdf") -> Response[bytes]:
    """A document for whoever asked for it and nobody else, under a name that their disk can bear."""
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=kind, headers=headers)
