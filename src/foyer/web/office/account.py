"""One's own account: the password, and where one is signed in."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from foyer.domains.identity import (
    change_password,
    password_findings,
    sessions_of,
    sign_out,
    sign_out_elsewhere,
    staff_proved,
    take_turns,
)
from foyer.domains.identity.types import Limit
from foyer.infra.passwords import hash_password
from foyer.kernel.access import SELF, declares
from foyer.kernel.errors import FoyerError, Invalid
from foyer.web.office.frame import Toast, frame
from foyer.web.office.pages.account import AccountPage
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks

TRIES: Final = Limit("password change", 10, timedelta(minutes=15))
DONE: Final = {
    "password": "Your new password counts. Everywhere else you are signed out.",
    "ended": "That session is signed out.",
    "elsewhere": "You are signed out everywhere else.",
}


@get("/account", opt=declares(SELF))
async def account(request: AnyRequest) -> Response[str]:
    return await _page(request)


@post("/account/password", opt=declares(SELF))
async def set_password(request: AnyRequest) -> Response[Any]:
    """Choose another password, with the old one; whoever else is signed in with that is signed out."""
    here, database = staff(request), desks(request).database
    form = await request.form()
    current, fresh = str(form.get("current", "")), str(form.get("password", ""))
    try:
        await take_turns(database, (TRIES, str(here.user_id)))
        match = await staff_proved(database, here.shop.id, here.user_id, current)
        if match is None:
            raise Invalid("This is not your password.", field="current")
        if found := password_findings(fresh):
            raise Invalid.of(found)
        password_hash = await hash_password(fresh)
        async with database.write(here.shop.id) as tx:
            await change_password(tx, match, password_hash, actor=here.actor, session_id=here.session_id)
    except FoyerError as refused:
        if refused.status >= 500:
            raise
        return await _page(request, refused)
    return _done("password")


@post("/account/sessions/{session_id:uuid}/end", opt=declares(SELF))
async def end(request: AnyRequest, session_id: FromPath[UUID]) -> Redirect:
    here = staff(request)
    async with desks(request).database.write(here.shop.id) as tx:
        await sign_out(tx, session_id, actor=here.actor)
    return _done("ended")


@post("/account/sessions/end-others", opt=declares(SELF))
async def end_others(request: AnyRequest) -> Redirect:
    here = staff(request)
    async with desks(request).database.write(here.shop.id) as tx:
        await sign_out_elsewhere(tx, here.session_id, actor=here.actor)
    return _done("elsewhere")


@get(
    ["/account/password", "/account/sessions/{session_id:uuid}/end", "/account/sessions/end-others"],
    opt=declares(SELF),
    sync_to_thread=False,
)
def back() -> Redirect:
    """Where the address of a form that came back is opened again."""
    return Redirect("/office/account", status_code=303)


def _done(what: str) -> Redirect:
    return Redirect(f"/office/account?done={what}", status_code=303)


async def _page(request: AnyRequest, refused: FoyerError | None = None) -> Response[str]:
    here = staff(request)
    async with desks(request).database.read(here.shop.id) as tx:
        sessions = await sessions_of(tx, here.user_id)
        now = await tx.now()
    said = DONE.get(request.query_params.get("done", "")) if refused is None else None
    findings = () if refused is None else refused.as_findings()
    page = AccountPage(
        frame=frame(request, "account", toast=Toast(said) if said else None),
        staff=here,
        sessions=sessions,
        as_of=now,
        findings=findings,
    )
    answer = drawn("office/account.html", page, status=refused.status if refused else 200)
    if refused is not None and refused.retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(refused.retry_after_seconds)
    return answer


ROUTES: list[BaseRouteHandler] = [account, set_password, end, end_others, back]
