"""Reading requests: bearer tokens, JSON bodies, what stands behind the application."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, Final, TypeVar, cast

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from msgspec.inspect import (
    DictType,
    EnumType,
    ListType,
    LiteralType,
    Metadata,
    StructType,
    Type,
    UnionType,
    type_info,
)

from foyer.api.contract import Upload
from foyer.domains.carts import Replay
from foyer.domains.checkout import Desks
from foyer.infra.http import Receive, is_gone
from foyer.infra.press import Workshop
from foyer.infra.wallets import Wallets
from foyer.kernel.errors import Finding, Invalid, Malformed
from foyer.kernel.wire import Wire
from foyer.settings import Settings

Body = TypeVar("Body")
Query = TypeVar("Query", bound=Wire)
AnyConnection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]

KEY_MAX: Final = 255
_WHERE: Final = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<path>[^`]*)`)?$", re.DOTALL)
_BOUND: Final = re.compile(r"(>=|<=) (-?\d+)$")
_TAG: Final = re.compile(r'"([0-9]{1,18})"')
_NAMED: Final = re.compile(r"`([^`]*)`")
_KINDS: Final = {
    "int": "a whole number", "float": "a number", "str": "text", "bool": "true or false", "object": "an object",
    "array": "a list", "null": "null", "uuid": "an id", "datetime": "a moment like 2027-06-11T19:30:00Z",
    "date": "a day like 2027-06-11",
}  # fmt: skip


def desks(connection: AnyConnection) -> Desks:
    return cast("Desks", connection.app.state.desks)


def workshop(connection: AnyConnection) -> Workshop:
    """Where files are kept and documents are made."""
    return cast("Workshop", connection.app.state.workshop)


def wallets(connection: AnyConnection) -> Wallets:
    """The wallets of phones that tickets can be put into."""
    return cast("Wallets", connection.app.state.wallets)


def base_url(connection: AnyConnection) -> str:
    """How the world reaches this installation, for addresses that leave it."""
    return cast("Settings", connection.app.state.settings).base_url


def leaving(request: AnyRequest) -> Callable[[], Awaitable[bool]]:
    """The question whether this client has left, for a queue to ask."""
    return partial(is_gone, cast("Receive", request.receive))


def bearer(connection: AnyConnection) -> str | None:
    """The secret of an `Authorization: Bearer` header."""
    for name, value in connection.scope["headers"]:
        if name == b"authorization":
            scheme, _, secret = value.decode("latin-1").partition(" ")
            return secret.strip() or None if scheme.lower() == "bearer" else None
    return None


async def read(request: AnyRequest, shape: type[Body]) -> Body:
    """The JSON body as a value of this shape; nothing is coerced, unknown fields are refused.

    Raises:
        Malformed: it is not JSON.
        Invalid: naming the field.
    """
    if "json" not in request.headers.get("content-type", "application/json"):
        raise Malformed("Send JSON, with the header `Content-Type: application/json`.")
    raw = await request.body()
    if not raw:
        raise Malformed("This is not JSON: the body is missing.")
    try:
        return cast("Body", _decoder(cast("Hashable", shape)).decode(raw))
    except msgspec.ValidationError as wrong:
        finding = explain(str(wrong), shape)
        raise Invalid(finding.detail, field=finding.field) from None
    except UnicodeDecodeError:
        raise Malformed("The body is not text in UTF-8.") from None
    except RecursionError:
        raise Malformed("This is nested too deeply.") from None
    except msgspec.DecodeError as wrong:
        raise Malformed(f"This is not JSON: {wrong}.") from None


async def read_file(request: AnyRequest, upload: Upload) -> bytes:
    """The body as the bytes of a file; what kind it is said to be has to be one that is taken, and is not believed.

    Raises:
        Malformed: it is said to be something else.
    """
    kind = request.headers.get("content-type", upload.media_types[0]).partition(";")[0].strip().lower()
    if kind not in upload.media_types:
        raise Malformed(f"Send the file as the body, as one of {', '.join(upload.media_types)}.")
    return await request.body()


class Nothing(Wire, frozen=True):
    """What a request may say where nothing is asked: an empty object, or no body; no parameters."""


async def read_nothing(request: AnyRequest) -> None:
    """Refuse a body where none is meant, rather than act on half a wish.

    Raises:
        Malformed, Invalid: as `read`.
    """
    if await request.body():
        await read(request, Nothing)


def queried(request: AnyRequest, shape: type[Query]) -> Query:
    """What stands behind the `?` as a value of this shape: each name once, unknown ones refused, moments in UTC.

    Raises:
        Invalid: naming the parameter.
    """
    given = request.query_params
    for name in given:
        if len(given.getall(name)) > 1:
            raise Invalid("Send this once.", field=name)
    try:
        asked = msgspec.convert(dict(given), shape, strict=False)
    except msgspec.ValidationError as wrong:
        finding = explain(str(wrong), shape)
        raise Invalid(finding.detail, field=finding.field) from None
    moments = {
        field.name: _in_utc(given[field.encode_name], field.encode_name, field.type)
        for field in msgspec.structs.fields(shape)
        if isinstance(getattr(asked, field.name), datetime)
    }
    return msgspec.structs.replace(asked, **moments)


def _in_utc(text: str, field: str, shape: Any) -> datetime:
    """A moment as it is written, not as a number of seconds."""
    try:
        return cast("datetime", msgspec.convert(text, shape)).astimezone(UTC)
    except msgspec.ValidationError:
        raise Invalid("Write it like 2027-06-11T19:30:00Z.", field=field) from None
    except OverflowError:
        raise Invalid("There is no such moment in UTC.", field=field) from None


@cache
def _decoder(shape: Hashable) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)


def explain(message: str, shape: object = None) -> Finding:
    """A decoder's complaint as a field and a sentence that says what to do; with the shape it can tell the choices."""
    parts = _WHERE.match(message)
    assert parts is not None, "the pattern takes any text"
    what, path = parts["what"], (parts["path"] or "").replace("[...]", "")
    named = _NAMED.findall(what)
    if "missing required field" in what:
        return Finding(_below(path, named[0]), "This is required.")
    if "unknown field" in what:
        return Finding(_below(path, named[0]), "There is no such field, or it cannot be written.")
    if what.startswith("Expected") and (bound := _BOUND.search(what)):
        side = "at least" if bound[1] == ">=" else "at most"
        unit = " long" if "of length" in what else ""
        return Finding(path or "body", f"This must be {side} {bound[2]}{unit}.")
    if what.startswith("Expected") and named:
        return Finding(
            path or "body",
            f"This must be {' or '.join(_KINDS.get(kind, kind) for kind in named[0].split(' | '))}.",
        )
    if "enum value" in what and (known := _choices(shape, path)):
        return Finding(path or "body", f"Choose one of {known}.")
    if "UUID" in what:
        return Finding(path, "This is not an id.")
    if "RFC3339" in what or "timezone" in what:
        day_alone = what.endswith("date")
        return Finding(
            path, "Write a day like 2027-06-11." if day_alone else "Write it like 2027-06-11T19:30:00Z."
        )
    return Finding(path or "body", f"{what}.")


def _choices(shape: object, path: str) -> str:
    """What may stand at this path of a shape, where that is a list of words."""
    kinds = [type_info(shape)] if shape is not None else []
    for name in re.findall(r"[^.\[\]]+", path):
        kinds = [inner for kind in kinds for inner in _inside(kind, name)]
    words: list[object] = []
    for kind in _plain(kinds):
        if isinstance(kind, EnumType):
            words.extend(member.value for member in kind.cls)
        elif isinstance(kind, LiteralType):
            words.extend(kind.values)
    return ", ".join(str(word) for word in words)


def _inside(kind: Type, name: str) -> Iterator[Type]:
    for one in _plain([kind]):
        if isinstance(one, StructType):
            yield from (field.type for field in one.fields if field.encode_name == name)
        elif isinstance(one, ListType):
            yield one.item_type
        elif isinstance(one, DictType):
            yield one.value_type


def _plain(kinds: Iterable[Type]) -> Iterator[Type]:
    """The ways of a union one by one, without what is said about them."""
    for kind in kinds:
        if isinstance(kind, Metadata):
            yield from _plain([kind.type])
        elif isinstance(kind, UnionType):
            yield from _plain(kind.types)
        else:
            yield kind


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def replay_of(request: AnyRequest, actor: str, body: bytes) -> Replay | None:
    """The request's `Idempotency-Key`, if it carries one.

    Args:
        request: the request with its headers.
        actor: who sends it: keys of different actors never meet.
        body: what the key stands for.

    Raises:
        Invalid: the key is too long or not printable.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 1 <= len(key) <= KEY_MAX or not key.isprintable() or not key.isascii():
        raise Invalid(f"Use 1 to {KEY_MAX} printable characters.", field="Idempotency-Key")
    return Replay(hashlib.sha256(actor.encode()).digest(), key, hashlib.sha256(body).digest())


def expected_version(request: AnyRequest) -> int | None:
    """The version an `If-Match` header asks for; None when any will do.

    Raises:
        Invalid: it is none of our tags.
    """
    tag = request.headers.get("if-match")
    if tag is None or tag.strip() == "*":
        return None
    version = _TAG.fullmatch(tag.strip())
    if version is None:
        raise Invalid("Send the ETag that came with the resource.", field="If-Match")
    return int(version[1])
