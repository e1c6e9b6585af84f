"""A phone becomes a device: a code goes in by a form, a cookie comes out.

The office shows the code as a link whose part after `#` no browser sends, so it stands in no log; the page's script takes it out
of the address and puts it into the form.
"""

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from foyer.domains.identity import find_pairing, leave_device, redeem_pairing
from foyer.kernel.access import DEVICE, PUBLIC, declares
from foyer.kernel.errors import NotFound
from foyer.web.door.device import acting, device_behind, device_cookie
from foyer.web.door.pages.pair import PairPage
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.visitor import desks

CODE_MAX = 40


@get("/pair", opt=declares(PUBLIC))
async def pair_page(request: AnyRequest) -> Response[str]:
    device = await device_behind(request)
    return drawn("door/pair.html", PairPage(device=device.name if device else ""))


@post("/pair", opt=declares(PUBLIC), status_code=303)
async def pair(request: AnyRequest) -> Response[Any]:
    """Take a code; the phone is the device from now on. A code that cannot be taken is not told apart from one that never was."""
    typed = str((await request.form()).get("code", ""))[:CODE_MAX]
    house = desks(request)
    try:
        organization_id, pairing_id = await find_pairing(house.database, typed)
        async with house.database.write(organization_id) as tx:
            issued = await redeem_pairing(tx, pairing_id)
    except NotFound as refused:
        return drawn("door/pair.html", PairPage(typed=typed, problem=refused.detail), status=422)
    return Redirect("/door", status_code=303, cookies=[device_cookie(request, issued.secret)])


@post("/leave", opt=declares(DEVICE), status_code=303)
async def leave(request: AnyRequest) -> Response[Any]:
    """The phone is no device any more."""
    actor = acting(request)
    async with desks(request).database.write(actor.organization_id) as tx:
        await leave_device(tx, actor=actor)
    return Redirect("/door/pair", status_code=303, cookies=[device_cookie(request, "")])


@get("/leave", opt=declares(DEVICE), sync_to_thread=False)
def back_from_leaving() -> Redirect:
    """Where the address of a form is opened again."""
    return Redirect("/door", status_code=303)


OPEN = [pair_page, pair]
ROUTES = [leave, back_from_leaving]
