"""The organization itself: what it says of itself and how it sells."""

from functools import partial

from litestar import Response, get, patch

from foyer.api.access import IF_MATCH, MergePatch, acting, declares, permission
from foyer.api.requests import AnyRequest, desks, expected_version, read
from foyer.api.staff import merged, tagged
from foyer.domains.events.types import JsonObject
from foyer.domains.organizations import edit_organization, organization_for_staff
from foyer.domains.organizations.types import OrganizationStaff, SettingsDraft


@get("/organization", opt=declares(permission("organization:edit")))
async def show_organization(request: AnyRequest) -> Response[OrganizationStaff]:
    """The organization that the credential belongs to, with all its settings."""
    async with desks(request).database.read(acting(request).organization_id) as tx:
        return tagged(await organization_for_staff(tx))


@patch(
    "/organization",
    opt=declares(permission("organization:edit"), body=MergePatch(SettingsDraft), honours=(IF_MATCH,)),
)
async def change_organization(request: AnyRequest) -> Response[OrganizationStaff]:
    """Change the fields named (JSON merge patch, RFC 7396): null sets a field back to its default."""
    change = await read(request, JsonObject)
    actor = acting(request)
    async with desks(request).database.write(actor.organization_id) as tx:
        revise = partial(merged, change=change)
        answer = await edit_organization(tx, revise, actor=actor, version=expected_version(request))
    return tagged(answer)


ROUTES = [show_organization, change_organization]
