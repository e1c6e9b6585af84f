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
    """Answer this request in its visitor's language; what is drawn from here on is in it.

    This stands before every page of a shop, and most of them are drawn already: it asks for little.
    """
    language = _asked_for(request) or _known(request)
    if language is None:
        try:
            language = (await desks(request).window.shop(_slug(request))).language
        except FoyerError:
            language = LANGUAGES[0]
    _answer(request, language)


def speak_now(request: AnyRequest) -> None:
    """As `speak`, where nobody must wait: of a shop that was not looked up lately the own language is not known."""
    _answer(request, _asked_for(request) or _known(request) or LANGUAGES[0])


def _answer(request: AnyRequest, language: str) -> None:
    scope = request.scope
    LANGUAGE.set(language)
    ADDRESS.set((scope["raw_path"], scope["query_string"]) if scope["method"] == "GET" else NOWHERE)


def _known(request: AnyRequest) -> str | None:
    """The shop's own language, as it was when the shop was last looked up."""
    shop = desks(request).window.lately(_slug(request))
    return shop.language if shop else None


def _slug(request: AnyRequest) -> str:
    return request.scope["path"].split("/", 2)[1]


def _asked_for(request: AnyRequest) -> str | None:
    """What cookie or browser say."""
    wanted = None
    for name, value in request.scope["headers"]:
        if name == b"cookie" and (chosen := cookie_in(value.decode("latin-1"), COOKIE)) in LANGUAGES:
            return chosen
        if name == b"accept-language":
            wanted = _preferred(value.decode("latin-1"))
    return wanted
