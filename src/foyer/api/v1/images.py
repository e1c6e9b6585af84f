"""Pictures that an organization uploads for its events and as its logo."""

from typing import Final

from litestar import Response, post

from foyer.api.access import acting, declares, permission
from foyer.api.contract import Upload
from foyer.api.requests import AnyRequest, read_file, workshop
from foyer.domains.organizations import keep_image
from foyer.domains.organizations.types import KeptImage
from foyer.infra.files import UPLOAD_BYTES_MAX

PICTURES: Final = Upload(
    ("application/octet-stream", "image/png", "image/jpeg", "image/webp"), UPLOAD_BYTES_MAX
)


@post(
    "/images",
    opt=declares(permission("events:edit"), body=PICTURES),
    request_max_body_size=UPLOAD_BYTES_MAX,
)
async def upload(request: AnyRequest) -> Response[KeptImage]:
    """Upload a picture: the body is the file, a PNG, JPEG or WebP of at most 40 megapixels. It is drawn anew without metadata.

    The `address` in the answer may stand wherever a picture of an event is asked for.
    """
    content = await read_file(request, PICTURES)
    house = workshop(request)
    kept = await keep_image(house.database, house.files, content, actor=acting(request))
    return Response(kept, status_code=201)


ROUTES = [upload]
