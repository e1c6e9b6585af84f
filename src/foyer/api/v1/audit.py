"""What staff did, for those who have to look after it."""

from typing import Annotated

from litestar import get
from msgspec import Meta

from foyer.api.access import acting, declares, permission
from foyer.api.requests import AnyRequest, desks, queried
from foyer.domains.identity import audit_log
from foyer.domains.identity.types import AuditEntry, AuditFilter
from foyer.kernel.paging import PAGE_DEFAULT, PAGE_MAX
from foyer.kernel.wire import Wire


class AuditPage(AuditFilter, frozen=True):
    """Which entries, and which page of them."""

    limit: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT
    cursor: str | None = None


class AuditAnswers(Wire, frozen=True):
    items: list[AuditEntry]
    next_cursor: str | None


@get("/audit", opt=declares(permission("audit:view"), query=AuditPage))
async def list_audit(request: AnyRequest) -> AuditAnswers:
    """What staff, their keys and devices did, the latest first. Of personal fields it says only that they changed."""
    asked = queried(request, AuditPage)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        page = await audit_log(tx, asked, cursor=asked.cursor, limit=asked.limit)
    return AuditAnswers(items=page.items, next_cursor=page.next_cursor)


ROUTES = [list_audit]
