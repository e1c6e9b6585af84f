"""A request of the web: one whose form cannot be read is refused, and no defect of ours."""

from typing import Any

from litestar import Request
from litestar.datastructures import FormMultiDict

from foyer.kernel.errors import Malformed


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
            raise Malformed("The form is not text in UTF-8.") from None


async def typed_into(request: Request[Any, Any, Any]) -> dict[str, str]:
    """What was typed into the form that was sent; files are left out."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
