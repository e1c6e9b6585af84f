"""The door."""

from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath

from foyer.api.access import DEVICE, acting, declares
from foyer.api.answers import Answer
from foyer.api.requests import AnyRequest, desks, read, read_nothing
from foyer.domains.tickets import scan_ask, undo_check_in
from foyer.domains.tickets.types import CheckIn
from foyer.infra.batching import Counter
from foyer.kernel.errors import Conflict, IdempotencyMismatch, Invalid, NotFound
from foyer.kernel.text import has_control_characters
from foyer.kernel.wire import Wire

SCANNED_MAX = 2_000


class CheckInBody(Wire, frozen=True):
    """What is held out at a door: `qr` as scanned or `code` as typed. The same `scan_id` gets the same answer."""

    event_id: UUID
    qr: str | None = None
    code: str | None = None
    scan_id: UUID | None = None


@post(
    "/check-ins",
    opt=declares(DEVICE, body=CheckInBody, refuses=(NotFound, IdempotencyMismatch)),
    status_code=200,
)
async def check_in(request: AnyRequest) -> Response[CheckIn]:
    """Admit a ticket once; every answer but `admitted` keeps the person outside and says why."""
    body = await read(request, CheckInBody)
    if (body.qr is None) == (body.code is None):
        raise Invalid("Send either qr, as scanned, or code, as typed.", field="qr")
    field, text = ("qr", body.qr) if body.qr is not None else ("code", body.code)
    read_text = (text or "").strip()  # hand scanners end a scan with a line break
    if not read_text or len(read_text) > SCANNED_MAX or has_control_characters(read_text):
        raise Invalid("There is nothing to read in it.", field=field)
    actor = acting(request)
    ask = scan_ask(actor, **{field: read_text}, scan_id=body.scan_id)
    return Answer(await desks(request).door.ask(Counter(actor.organization_id, body.event_id), ask))


@post(
    "/tickets/{ticket_id:uuid}/check-in-reversal", opt=declares(DEVICE, refuses=(Conflict,)), status_code=204
)
async def undo(request: AnyRequest, ticket_id: FromPath[UUID]) -> None:
    """Take a check-in back. A door can do so with its own, for one minute; others need `tickets:manage`."""
    await read_nothing(request)
    actor = acting(request)
    async with desks(request).database.write(actor.organization_id) as tx:
        await undo_check_in(tx, ticket_id, actor=actor)


ROUTES = [check_in, undo]
