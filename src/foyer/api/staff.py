"""What resources of staff have in common: they are changed by a merge patch and answered with their tag."""

from typing import Protocol, TypeVar

import msgspec
from litestar import Response

from foyer.api.requests import explain
from foyer.kernel.errors import Invalid


class HasVersion(Protocol):
    @property
    def version(self) -> int: ...


Draft = TypeVar("Draft", bound=msgspec.Struct)
Answer = TypeVar("Answer", bound=HasVersion)


def merged(before: Draft, change: dict[str, object]) -> Draft:
    """A draft with a merge patch laid over it, read as strictly as a new one.

    Raises:
        Invalid: naming the field.
    """
    fields = msgspec.to_builtins(before)
    known = {field.encode_name for field in msgspec.structs.fields(before)}
    for name, value in change.items():
        if value is None and name in known:
            fields.pop(name, None)
        else:
            fields[name] = value
    try:
        return msgspec.convert(fields, type(before))
    except msgspec.ValidationError as wrong:
        finding = explain(str(wrong), type(before))
        raise Invalid(finding.detail, field=finding.field) from None


def tagged(answer: Answer, *, status: int = 200) -> Response[Answer]:
    """An answer with the tag that `If-Match` takes; it is for nobody else and is not kept."""
    headers = {"ETag": f'"{answer.version}"', "Cache-Control": "private, no-store"}
    return Response(answer, status_code=status, headers=headers)
