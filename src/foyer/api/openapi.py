"""The document from which a client can be generated: OpenAPI 3.1, drawn from what each route declares."""

import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from types import NoneType
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter, ParameterKwarg, PathParameter, QueryParameter

from foyer import __version__
from foyer.api.access import access_of
from foyer.api.contract import (
    CONTRACT,
    EVENT_STREAM,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    Contract,
    MergePatch,
    Upload,
)
from foyer.api.errors import Problem
from foyer.api.examples import EXAMPLES
from foyer.api.refusals import headers_of, refusals_of
from foyer.infra.wallets import PKPASS
from foyer.kernel.access import Access

BASE: Final = "/api/v1"
JSON: Final = "application/json"
FILES: Final = frozenset({"application/pdf", PKPASS})
SCHEMAS: Final = "#/components/schemas/"
RESPONSES: Final = "#/components/responses/"
ETAG: Final = {
    "ETag": {
        "description": "The version of the resource, for `If-Match`.",
        "required": True,
        "schema": {"type": "string", "pattern": '^"[0-9]+"$'},
    }
}
WEAK_ETAG: Final = {
    "ETag": {
        "description": "Another one as soon as anything else is shown, for `If-None-Match`.",
        "required": True,
        "schema": {"type": "string", "pattern": '^W/"[0-9a-f]+"$'},
    }
}
HEADERS: Final[dict[str, dict[str, Any]]] = {
    IDEMPOTENCY_KEY: {
        "description": "A request that is repeated with the same key within 24 hours happens once.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
        "example": "4c27f5c0-8f0e-4a4e-9d0b-3f6f4d9b5a10",
    },
    IF_MATCH: {
        "description": "The `ETag` that came with the resource: it is changed only if nobody else has in between.",
        "schema": {"type": "string", "pattern": r'^(?:\*|"[0-9]{1,18}")$'},
        "example": '"1"',
    },
    IF_NONE_MATCH: {
        "description": "The `ETag` of what the caller has: where it still holds, the answer is 304 without a body.",
        "schema": {"type": "string"},
        "example": 'W/"5f1d7a84db00d2fce00b31a7"',
    },
}
SECURITY: Final[dict[str, dict[str, str]]] = {
    "staffKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key (`fyk_…`): what its scopes allow and its maker still may.",
    },
    "doorDevice": {
        "type": "http",
        "scheme": "bearer",
        "description": "A door's device (`fyd_…`): check-ins at its events.",
    },
    "holderToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token (`fyc_…`) that came with a cart or an order opens it.",
    },
}
_WHERE: Final[dict[type, str]] = {PathParameter: "path", QueryParameter: "query", HeaderParameter: "header"}
_SECTIONS: Final = re.compile(r"\n\s*(?:Args|Raises|Returns):.*", re.DOTALL)


@dataclass(frozen=True)
class Parameter:
    """One parameter of a handler, as a caller sends it."""

    name: str
    place: str
    shape: Any
    default: Any

    @property
    def is_required(self) -> bool:
        return self.default is inspect.Parameter.empty


@dataclass(frozen=True)
class Operation:
    """One method of one path, with everything its route says about it."""

    method: str
    path: str
    handler: HTTPRouteHandler
    access: Access
    contract: Contract
    parameters: tuple[Parameter, ...]
    answer: Any
    """The shape of what comes back, or None."""

    @property
    def label(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def module(self) -> str:
        """The room a route stands in, which names its group: `events` for `foyer.api.v1.events.pools`."""
        return str(self.handler.fn.__module__).removeprefix("foyer.api.v1.").partition(".")[0]

    @property
    def media_type(self) -> str:
        declared = self.handler.media_type
        return str(getattr(declared, "value", declared) or JSON)

    @property
    def shapes(self) -> Iterator[Any]:
        """Every shape a reader of the document has to know."""
        body = self.contract.body
        if body is not None and not isinstance(body, Upload):
            yield body.draft if isinstance(body, MergePatch) else body
        if self.answer is not None and self.media_type in {JSON, EVENT_STREAM}:
            yield self.answer
        yield from (one.shape for one in self.parameters)


class Schemas:
    """Every shape on the wire as JSON Schema, each struct once and under its own name."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        shapes = [Problem, *(shape for operation in operations for shape in operation.shapes)]
        found, self.components = msgspec.json.schema_components(
            shapes, ref_template=f"{SCHEMAS}{{name}}", schema_hook=_foreign
        )
        self._of = dict(zip(shapes, found, strict=True))

    def of(self, shape: Any) -> dict[str, Any]:
        return self.patch(shape) if isinstance(shape, MergePatch) else self._of[shape]

    def patch(self, shape: MergePatch) -> dict[str, Any]:
        """A draft with nothing required; what has a default takes null."""
        draft = self.components[shape.draft.__name__]
        name = f"{shape.draft.__name__.removesuffix('Draft')}Patch"
        self.components[name] = {
            **{key: value for key, value in draft.items() if key != "required"},
            "title": name,
            "description": "The fields to change, each as a whole; null sets one back to its default.",
            "properties": {
                field: schema if field in draft.get("required", ()) else _nullable(schema)
                for field, schema in draft["properties"].items()
            },
        }
        return {"$ref": f"{SCHEMAS}{name}"}

    def referred_to(self, paths: dict[str, Any]) -> dict[str, Any]:
        """Every shape but the drafts that are only ever patched."""
        drawn = msgspec.json.encode([paths, self.components]).decode()
        known = {**self.components}
        for name in self.components:
            if name.endswith("Draft") and f'"{SCHEMAS}{name}"' not in drawn:
                del known[name]
        return known


def document(handlers: Iterable[HTTPRouteHandler]) -> dict[str, object]:
    """The document of these routes, which stand below `/api/v1`."""
    known = list(operations(handlers))
    schemas = Schemas(known)
    refusals: dict[str, dict[str, Any]] = {}
    paths: dict[str, dict[str, Any]] = {}
    for operation in known:
        paths.setdefault(operation.path, {})[operation.method] = _drawn(operation, schemas, refusals)
    modules = {operation.module: sys.modules[operation.handler.fn.__module__] for operation in known}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Foyer",
            "version": __version__,
            "description": "Sells tickets and lets people in. Amounts are integers of the currency's minor unit.",
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "This installation."}],
        "tags": [{"name": name, "description": _words(room)} for name, room in modules.items()],
        "paths": paths,
        "components": {
            "schemas": schemas.referred_to(paths),
            "responses": refusals,
            "securitySchemes": SECURITY,
        },
    }


def operations(handlers: Iterable[HTTPRouteHandler]) -> Iterator[Operation]:
    """Every method of every path of these routes, with what is declared of it."""
    for handler in handlers:
        hints = get_type_hints(handler.fn, include_extras=True)
        for path in sorted(handler.paths):
            for method in sorted(handler.http_methods):
                contract = handler.opt.get(CONTRACT, Contract())
                yield Operation(
                    method=method.lower(),
                    path=BASE + re.sub(r"\{(\w+):\w+\}", r"{\1}", path),
                    handler=handler,
                    access=access_of(handler),
                    contract=contract,
                    parameters=(*_parameters(handler, hints), *_queried(contract)),
                    answer=_answer(hints["return"]),
                )


def _parameters(handler: HTTPRouteHandler, hints: dict[str, Any]) -> Iterator[Parameter]:
    for name, given in inspect.signature(handler.fn).parameters.items():
        kinds = [one for one in getattr(hints[name], "__metadata__", ()) if type(one) in _WHERE]
        if not kinds:
            continue
        kind: ParameterKwarg = kinds[-1]
        bare = _sent(get_args(hints[name])[0])
        limits = {name: getattr(kind, name) for name in ("ge", "gt", "le", "lt", "min_length", "max_length")}
        known = {name: limit for name, limit in limits.items() if limit is not None}
        shape = Annotated[bare, msgspec.Meta(**known)] if known else bare
        yield Parameter(
            kind.name or kind.query or kind.header or name, _WHERE[type(kind)], shape, given.default
        )


def _queried(contract: Contract) -> Iterator[Parameter]:
    """The parameters of a query that is read as one shape."""
    for field in msgspec.structs.fields(contract.query) if contract.query else ():
        default = inspect.Parameter.empty if field.required else field.default
        yield Parameter(field.encode_name, "query", _sent(field.type), default)


def _sent(shape: Any) -> Any:
    """A shape as it is sent in a query: of text, `null` is a word; elsewhere it is read as nothing."""
    match get_args(shape):
        case (text, none) if none is NoneType and getattr(text, "__origin__", text) is str:
            return text
    return shape


def _answer(returned: Any) -> Any:
    """What a handler gives back, out of the envelope that carries status and headers."""
    shape = get_args(returned)[0] if get_origin(returned) is Response else returned
    return None if shape is NoneType else shape


def _drawn(operation: Operation, schemas: Schemas, refusals: dict[str, dict[str, Any]]) -> dict[str, Any]:
    summary, _, more = _words(operation.handler.fn).partition(". ")
    name = operation.handler.fn.__name__
    drawn: dict[str, Any] = {
        "operationId": f"{operation.module}_{name}",
        "tags": [operation.module],
        "summary": (summary or name.replace("_", " ").capitalize()).rstrip("."),
        "security": _security(operation.access),
        "parameters": [*_drawn_parameters(operation, schemas)],
        "responses": {**_successes(operation, schemas), **_refused(operation, refusals)},
    }
    if more:
        drawn["description"] = more
    if operation.contract.body is not None:
        drawn["requestBody"] = {
            "required": True,
            "content": _drawn_body(operation.contract.body, schemas),
        }
    return drawn


def _drawn_parameters(operation: Operation, schemas: Schemas) -> Iterator[dict[str, Any]]:
    for one in operation.parameters:
        schema = dict(schemas.of(one.shape))
        if not one.is_required and one.default is not None:
            schema["default"] = one.default.value if isinstance(one.default, Enum) else one.default
        yield {"name": one.name, "in": one.place, "required": one.is_required, "schema": schema}
    for name in operation.contract.honours:
        yield {"name": name, "in": "header", "required": False, **HEADERS[name]}


def _drawn_body(body: Any, schemas: Schemas) -> dict[str, Any]:
    if isinstance(body, Upload):
        return {kind: {} for kind in body.media_types}  # bytes, of which a schema can say nothing
    schema = schemas.of(body)
    name = schema.get("$ref", "").removeprefix(SCHEMAS)
    return {JSON: {"schema": schema, **({"example": EXAMPLES[name]} if name in EXAMPLES else {})}}


def _successes(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "Done."}
    if operation.answer is not None:
        schema = _content(operation, schemas)
        answer = {"description": "Here it is.", "content": {operation.media_type: {"schema": schema}}}
        if "version" in getattr(operation.answer, "__struct_fields__", ()):
            answer["headers"] = ETAG
    statuses = {operation.handler.status_code, *operation.contract.also}
    if IF_NONE_MATCH not in operation.contract.honours:
        return {str(status): answer for status in sorted(statuses)}
    unchanged = {"description": "It is as it was.", "headers": WEAK_ETAG}
    return {
        **{str(status): {**answer, "headers": WEAK_ETAG} for status in sorted(statuses)},
        "304": unchanged,
    }


def _content(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    """What is sent, as its media type lets it be described."""
    if operation.media_type == JSON:
        return schemas.of(operation.answer)
    if operation.media_type == EVENT_STREAM:  # the schema is that of one event
        data = {"type": "string", "contentMediaType": JSON, "contentSchema": schemas.of(operation.answer)}
        return {"type": "object", "required": ["data"], "properties": {"data": data}}
    # Of bytes a schema can say nothing.
    return {} if operation.media_type in FILES else {"type": "string"}


def _refused(operation: Operation, refusals: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Every refusal by status; routes that may refuse with the same codes share one entry."""
    drawn = {}
    places = {one.place for one in operation.parameters}
    ways = refusals_of(operation.access, operation.contract, operation.method, places)
    for status, known in ways.items():
        name = "-".join(code for code, _ in known)
        refusals[name] = {
            "description": " ".join(f"`{code}`: {sentence}" for code, sentence in known),
            "headers": headers_of(status),
            "content": {
                "application/problem+json": {
                    "schema": {
                        "allOf": [
                            {"$ref": f"{SCHEMAS}Problem"},
                            {
                                "properties": {
                                    "status": {"const": status},
                                    "code": {"enum": [code for code, _ in known]},
                                }
                            },
                        ]
                    }
                }
            },
        }
        drawn[str(status)] = {"$ref": f"{RESPONSES}{name}"}
    return drawn


def _security(who: Access) -> list[dict[str, list[str]]]:
    """Public routes say that they need nothing; the role of a key is the permission it needs."""
    known: dict[str, list[dict[str, list[str]]]] = {
        "public": [],
        "holder": [{"holderToken": []}],
        "permission": [{"staffKey": [who.detail]}],
        "device": [{"doorDevice": []}, {"staffKey": [who.detail]}],
    }
    return known[who.kind]


def _foreign(shape: type) -> dict[str, Any]:
    """What no struct describes: any JSON at all."""
    if shape is object:
        return {"description": "Any JSON."}
    raise NotImplementedError


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """A field that may be null. Its default is left out: in a patch, what is absent stays."""
    plain = {key: value for key, value in schema.items() if key != "default"}
    ways = plain.get("anyOf", [plain])
    return {"anyOf": ways if {"type": "null"} in ways else [*ways, {"type": "null"}]}


def _words(documented: Any) -> str:
    """The docstring without its sections, as one line."""
    return " ".join(_SECTIONS.sub("", documented.__doc__ or "").split())
