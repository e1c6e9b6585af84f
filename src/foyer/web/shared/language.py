"""In which language a visitor is answered: the one they chose, else what their browser asks for, else the organization's own."""

from functools import lru_cache
from typing import Final

from foyer.kernel.errors import FoyerError
from foyer.kernel.language import LANGUAGES, preferred
from foyer.web.shared.redirect import ADDRESS, NOWHERE
from foyer.web.shared.render import AnyRequest
from foyer.web.shared.visitor import cookie_in, desks
from foyer.web.shared.words import LANGUAGE

COOKIE: Final = "foyer-language"
HEADERS_KEPT: Final = 512

_preferred: Final = lru_cache(maxsize=HEADERS_KEPT)(preferred)


async def speak(request: AnyRequest) -> None:
    """Answer this request in its visitor's language; what is drawn from here on is in it."""
    language = _asked_for(request)
    if language is None:
        try:
            language = (await desks(request).window.shop(_slug(request))).language
        except FoyerError:
            language = LANGUAGES[0]
    _answer(request, language)


def speak_now(request: AnyRequest) -> None:
    """As `speak`, where nobody must wait: of a shop that was not looked up lately the own language is not known."""
    shop = desks(request).window.lately(_slug(request))
    _answer(request, _asked_for(request) or (shop.language if shop else LANGUAGES[0]))


def _answer(request: AnyRequest, language: str) -> None:
    LANGUAGE.set(language)
    can_come_back = request.method in {"GET", "HEAD"}
    ADDRESS.set((request.scope["raw_path"], request.scope["query_string"]) if can_come_back else NOWHERE)


def _slug(request: AnyRequest) -> str:
    return request.scope["path"].split("/")[1]


def _asked_for(request: AnyRequest) -> str | None:
    """What cookie or browser say. Read from the bare headers: this stands before every page, and most are drawn already."""
    wanted = None
    for name, value in request.scope["headers"]:
        if name == b"cookie" and (chosen := cookie_in(value.decode("latin-1"), COOKIE)) in LANGUAGES:
            return chosen
        if name == b"accept-language":
            wanted = _preferred(value.decode("latin-1"))
    return wanted
