"""The switch in the footer: another language, and back to the page where it was pressed."""

from litestar import post
from litestar.datastructures import Cookie
from litestar.response import Redirect

from foyer.kernel.access import PUBLIC, declares
from foyer.kernel.errors import Invalid
from foyer.kernel.language import LANGUAGES, said
from foyer.settings import Settings
from foyer.web.shared.language import COOKIE
from foyer.web.shared.redirect import own_page
from foyer.web.shared.render import AnyRequest
from foyer.web.shared.request import typed_into
from foyer.web.shared.visitor import DAY_SECONDS


@post("/language", opt=declares(PUBLIC))
async def choose_language(request: AnyRequest) -> Redirect:
    form = await typed_into(request)
    language = form.get("language")
    if language not in LANGUAGES:
        raise Invalid(said("Choose one of the languages on the page."), field="language")
    settings: Settings = request.app.state.settings
    cookie = Cookie(
        key=COOKIE, value=language, path="/", httponly=True, secure=settings.is_https, samesite="lax", max_age=365 * DAY_SECONDS,
    )  # fmt: skip
    return Redirect(own_page(form.get("back")), status_code=303, cookies=[cookie])


ROUTES = [choose_language]
