"""A request of the web: one whose form cannot be read is refused, and no defect of ours."""

from typing import Any, Final

from litestar import Request
from litestar.datastructures import FormMultiDict
from litestar.exceptions import HTTPException

from foyer.kernel.errors import Malformed
from foyer.kernel.language import said

FORM_BYTES_MAX: Final = 64 * 1024
"""Of a form that nobody has looked at yet."""


class FormRequest(Request[Any, Any, Any]):
    """What every handler of the web is given."""

    async def form(self) -> FormMultiDict:
        """The form that was sent.

        Raises:
            Malformed: a part is not text in the encoding that it names.
        """
        try:
            return await super().form()
        except (UnicodeError, LookupError):
            raise Malformed(said("The form is not text in UTF-8.")) from None


async def typed_into(request: Request[Any, Any, Any]) -> dict[str, str]:
    """What was typed into the form that was sent; files are left out."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


class UnroutedRequest(FormRequest):
    """A request whose handler was never looked for: there was no room for it."""

    async def body(self) -> bytes:
        """What was sent.

        Raises:
            HTTPException: it is too much to be kept, or the client has left.
        """
        read, has_more = b"", True
        while has_more:
            message = await self.receive()
            if message["type"] != "http.request":
                raise HTTPException(status_code=400)
            read += message["body"]
            has_more = message["more_body"]
            if len(read) > FORM_BYTES_MAX:
                raise HTTPException(status_code=413)
        return read
