"""Pages of the office: check-in and the devices at the doors."""

from typing import Any, Final, cast
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect
from markupsafe import Markup

from foyer.domains.events import event_titles, events_at_door, events_of_devices, make_device
from foyer.domains.events.types import DeviceDraft, DoorEvent
from foyer.domains.identity import begin_pairing, devices, pairing_of, revoke_device
from foyer.domains.tickets import last_scans, latest_scans, undo_check_in
from foyer.domains.tickets.types import LoggedScan, ScanResult
from foyer.infra.batching import Counter
from foyer.infra.db.tx import ReadTx
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import Conflict, FoyerError
from foyer.settings import Settings
from foyer.web.office.forms import Form, beside, is_answerable, require_read, sent
from foyer.web.office.frame import frame
from foyer.web.office.pages.doors import CheckInPage, DevicePage, DeviceView, NewDevicePage, ScanView
from foyer.web.office.pages.form import FormState
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks

PATH: Final = "/office/check-in"
EVENTS_SHOWN: Final = 8
ZONE: Final = "UTC"
"""The clocks of a page that no event gives its own."""


@get("/check-in", opt=declares(permission("tickets:view")))
async def check_in(request: AnyRequest) -> Response[str]:
    return await _page(request)


@get("/check-in/devices/new", opt=declares(permission("tickets:manage")))
async def new_device(request: AnyRequest) -> Response[str]:
    return await _form(request, FormState({"reach": "named"}))


@post("/check-in/devices/new", opt=declares(permission("tickets:manage")))
async def add_device(request: AnyRequest) -> Response[Any]:
    """Make a device; its page shows at once how a phone is paired with it."""
    here, house, form = staff(request), desks(request), await sent(request)
    try:
        draft = _read(form)
        require_read(form)
        async with house.database.write(here.shop.id) as tx:
            device_id = await make_device(tx, draft, keyring=house.keyring, actor=here.actor)
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        state = FormState(form.typed, findings=beside(refused), lists={"eventIds": form.many("eventIds")})
        return await _form(request, state, status=refused.status)
    return Redirect(f"{PATH}/devices/{device_id}", status_code=303)


@get("/check-in/devices/{device_id:uuid}", opt=declares(permission("tickets:manage")))
async def show_device(request: AnyRequest, device_id: FromPath[UUID]) -> Response[str]:
    """The way to pair a phone; the code is made from the secret each time, so that it stands in no address and no row."""
    house, here = desks(request), staff(request)
    async with house.database.read(here.shop.id) as tx:
        pairing = await pairing_of(tx, device_id, house.keyring)
        zone = _zone(await events_at_door(tx))
    link = f"{cast('Settings', request.app.state.settings).base_url}/door/pair"
    page = DevicePage(
        frame=frame(request, "check-in"),
        pairing=pairing,
        qr_svg=_qr(f"{link}#{pairing.code}") if pairing.code else Markup(),
        link=link,
        zone=zone,
    )
    return drawn("office/device.html", page)


@post("/check-in/devices/{device_id:uuid}/pairing", opt=declares(permission("tickets:manage")))
async def pair_again(request: AnyRequest, device_id: FromPath[UUID]) -> Response[Any]:
    """Make a new code; the phone that is the device now stays so until another one takes it."""
    house, here = desks(request), staff(request)
    async with house.database.write(here.shop.id) as tx:
        await begin_pairing(tx, device_id, keyring=house.keyring, actor=here.actor)
    return Redirect(f"{PATH}/devices/{device_id}", status_code=303)


@post("/check-in/devices/{device_id:uuid}/revocation", opt=declares(permission("tickets:manage")))
async def cut_off(request: AnyRequest, device_id: FromPath[UUID]) -> Response[Any]:
    """Cut a phone off, for good. Pressing twice does it once."""
    try:
        async with desks(request).database.write(staff(request).shop.id) as tx:
            await revoke_device(tx, device_id, actor=staff(request).actor)
    except Conflict:
        return Redirect(PATH, status_code=303)
    return Redirect(f"{PATH}?done=revoked", status_code=303)


@post("/check-in/tickets/{ticket_id:uuid}/undo", opt=declares(permission("tickets:manage")))
async def undo(request: AnyRequest, ticket_id: FromPath[UUID]) -> Response[Any]:
    """Take a check-in back: its holder may come in again."""
    here = staff(request)
    back = str((await request.form()).get("event", ""))
    try:
        async with desks(request).database.write(here.shop.id) as tx:
            await undo_check_in(tx, ticket_id, actor=here.actor)
    except Conflict as refused:
        return await _page(request, problem=refused.detail, status=refused.status)
    event = _known_id(back)
    return Redirect(f"{PATH}?done=undone{f'&event={event}' if event else ''}", status_code=303)


@get(
    ["/check-in/devices/{device_id:uuid}/pairing", "/check-in/devices/{device_id:uuid}/revocation"],
    opt=declares(permission("tickets:manage")),
    sync_to_thread=False,
)
def back_to_device(device_id: FromPath[UUID]) -> Redirect:
    """Where the address of a form that came back is opened again."""
    return Redirect(f"{PATH}/devices/{device_id}", status_code=303)


@get(
    "/check-in/tickets/{ticket_id:uuid}/undo",
    opt=declares(permission("tickets:manage")),
    sync_to_thread=False,
)
def back_to_log(ticket_id: FromPath[UUID]) -> Redirect:  # noqa: ARG001 - part of the address
    return Redirect(PATH, status_code=303)


async def _page(request: AnyRequest, *, problem: str = "", status: int = 200) -> Response[str]:
    house, here = desks(request), staff(request)
    wanted = _known_id(request.query_params.get("event", ""))
    around = frame(request, "check-in")
    async with house.database.read(here.shop.id) as tx:
        events = (await events_at_door(tx))[:EVENTS_SHOWN]
        event = next((one for one in events if one.id == wanted), events[0] if events else None)
        scans = await latest_scans(tx, event.id) if event else []
        phones = await _devices(tx) if around.may("tickets:manage") else []
    counts = {one.id: await house.board.counts(Counter(here.shop.id, one.id)) for one in events}
    page = CheckInPage(
        frame=around,
        events=events,
        counts=counts,
        event=event,
        scans=_views(scans, may_undo=around.may("tickets:manage")),
        devices=phones,
        zone=event.time_zone if event else ZONE,
        problem=problem,
    )
    return drawn("office/check_in.html", page, status=status)


async def _devices(tx: ReadTx) -> list[DeviceView]:
    listed = await devices(tx)
    ids = [one.id for one in listed]
    named = await events_of_devices(tx, ids)
    titles = await event_titles(tx, {event_id for some in named.values() for event_id in some})
    scanned = await last_scans(tx, ids)
    return [
        DeviceView(one, [titles[event_id] for event_id in named[one.id]], scanned.get(one.id))
        for one in listed
    ]


def _views(scans: list[LoggedScan], *, may_undo: bool) -> list[ScanView]:
    """The log; of each ticket only the latest line can be taken back, and only where it let somebody in."""
    seen: set[UUID] = set()
    views = []
    for one in scans:
        changes = one.result in {None, ScanResult.ADMITTED} and one.ticket_id is not None
        is_latest = changes and one.ticket_id not in seen
        if changes and one.ticket_id:
            seen.add(one.ticket_id)
        can_undo = may_undo and is_latest and one.result is ScanResult.ADMITTED
        views.append(ScanView(one, f"{PATH}/tickets/{one.ticket_id}/undo" if can_undo else ""))
    return views


async def _form(request: AnyRequest, state: FormState, *, status: int = 200) -> Response[str]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        events = await events_at_door(tx)
    page = NewDevicePage(
        frame=frame(request, "check-in"), form=state, events=events, chosen=state.many("eventIds")
    )
    return drawn("office/device_new.html", page, status=status)


def _read(form: Form) -> DeviceDraft:
    reach = form.choice("reach", ("named", "all"), "named")
    ids = [_known_id(text) for text in form.many("eventIds")]
    if None in ids:
        form.wrong("eventIds", "Choose from the list.")
    return DeviceDraft(
        name=form.text("name"), all_events=reach == "all", event_ids=[one for one in ids if one is not None]
    )


def _known_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _zone(events: list[DoorEvent]) -> str:
    return events[0].time_zone if events else ZONE


def _qr(text: str) -> Markup:
    """The link as an SVG of our own making, black on white in dark mode too."""
    import segno  # loads what few processes need

    code = segno.make_qr(text, error="m")
    return Markup(code.svg_inline(border=4, omitsize=True, dark="#000", light="#fff"))  # noqa: S704


ROUTES: list[BaseRouteHandler] = [
    check_in, new_device, add_device, show_device, pair_again, cut_off, undo, back_to_device, back_to_log,
]  # fmt: skip
