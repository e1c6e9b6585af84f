"""Mails that were kept because no mail server is set: read as their readers would, with all that came with them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast
from urllib.parse import quote

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from foyer.infra.mail import KEPT, KeptHead, KeptMail, kept_heads, kept_mail
from foyer.kernel.errors import NotFound
from foyer.settings import Settings
from foyer.web.shared.render import POLICY, AnyRequest, drawn

LISTED_MAX: Final = 100
FRAMED: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'"
"""A mail is a stranger's page: no script, nothing sent, shown within ours alone."""
CLOSED: Final = "default-src 'none'; sandbox"
VIEWS: Final = {"page": "As a page", "phone": "On a phone", "text": "Plain text", "headers": "Headers"}
SHOWN_TYPES: Final = re.compile(r"[a-z]+/[a-z0-9.+-]+")


@dataclass(frozen=True, slots=True)
class MailboxPage:
    """The newest mails, and the one that is open."""

    heads: list[KeptHead]
    mail: KeptMail | None = None
    view: str = "page"
    shop: None = None

    @property
    def title(self) -> str:
        return self.mail.head.subject if self.mail else "Mail"

    @property
    def views(self) -> list[tuple[str, str, str]]:
        assert self.mail is not None, "a view is of a mail"
        return [(key, words, f"/dev/mail/{self.mail.head.name}?view={key}") for key, words in VIEWS.items()]


def _directory(request: AnyRequest) -> Path:
    settings = cast("Settings", request.app.state.settings)
    if not settings.demo:
        raise NotFound("There is nothing at this address.")
    return settings.data / KEPT


def _mail(request: AnyRequest, name: str) -> KeptMail:
    mail = kept_mail(_directory(request), name)
    if mail is None:
        raise NotFound("There is no such mail, or it has made room for newer ones.")
    return mail


@get("/dev/mail", sync_to_thread=True)
def mailbox(request: AnyRequest) -> Response[str]:
    return _page(MailboxPage(kept_heads(_directory(request), most=LISTED_MAX)))


@get("/dev/mail/{name:str}", sync_to_thread=True)
def one_mail(request: AnyRequest, name: FromPath[str], view: FromQuery[str | None] = None) -> Response[str]:
    mail, chosen = _mail(request, name), view if view in VIEWS else "page"
    return _page(MailboxPage(kept_heads(_directory(request), most=LISTED_MAX), mail, chosen))


@get("/dev/mail/{name:str}/page", sync_to_thread=True)
def mail_page(request: AnyRequest, name: FromPath[str]) -> Response[str]:
    """The mail's own HTML, for the frame."""
    return Response(_mail(request, name).html, media_type="text/html", headers=_headers(FRAMED))


@get("/dev/mail/{name:str}/files/{number:int}", sync_to_thread=True)
def mail_file(request: AnyRequest, name: FromPath[str], number: FromPath[int]) -> Response[bytes]:
    files = _mail(request, name).attachments
    if not 0 <= number < len(files):
        raise NotFound("There is no such file.")
    file = files[number]
    kind = file.media_type if SHOWN_TYPES.fullmatch(file.media_type) else "application/octet-stream"
    return _download(file.content, file.name, kind)


@get("/dev/mail/{name:str}/raw", sync_to_thread=True)
def raw_mail(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    return _download(_mail(request, name).raw, f"{name}.eml", "message/rfc822")


def _page(page: MailboxPage) -> Response[str]:
    answer = drawn("dev/mail.html", page)
    answer.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
    return answer


def _download(content: bytes, name: str, media_type: str) -> Response[bytes]:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(
        content, media_type=media_type, headers={**_headers(CLOSED), "Content-Disposition": disposition}
    )


def _headers(policy: str) -> dict[str, str]:
    return {"Content-Security-Policy": policy, "Cache-Control": "private, no-store"}


ROUTES: Final = [mailbox, one_mail, mail_page, mail_file, raw_mail]
