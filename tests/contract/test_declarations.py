"""What a route declares is what its handler does: the body it reads, the headers it honours."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from litestar import get, post

from foyer.api import openapi, v1
from foyer.api.access import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, PUBLIC, MergePatch, declares
from foyer.api.idempotency import named, once
from foyer.api.requests import AnyRequest, expected_version, queried, read, read_file, read_nothing, replay_of
from foyer.api.shown import unless_known
from foyer.kernel.wire import Wire

HONOURING = {
    once: IDEMPOTENCY_KEY, named: IDEMPOTENCY_KEY, replay_of: IDEMPOTENCY_KEY, expected_version: IF_MATCH,
    unless_known: IF_NONE_MATCH,
}  # fmt: skip
UNSAFE = {"post", "put", "patch", "delete"}


def calls(
    function: Callable[..., Any], seen: set[object] | None = None
) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Everything a function of the API calls, itself or through other functions of the API, with the arguments that are names."""
    seen = set() if seen is None else seen
    seen.add(function)
    source = ast.parse(textwrap.dedent(inspect.getsource(function)))
    known = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
    for node in ast.walk(source):
        if isinstance(node, ast.Name) and node.id in known:
            inner = known[node.id]
            in_api = inspect.isfunction(inner) and inner.__module__.startswith(("foyer.api.v1", __name__))
            if in_api and inner not in seen:
                yield from calls(inner, seen)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known:
            names = tuple(known.get(one.id) if isinstance(one, ast.Name) else None for one in node.args)
            yield known[node.func.id], names


def wrong(handlers: list[Any]) -> Iterator[str]:
    """What routes declare and do not do, or do and do not declare."""
    for operation in openapi.operations(handlers):
        made = list(calls(operation.handler.fn))
        shapes = [names[1] for called, names in made if called in {read, read_file}]
        declared, label = operation.contract.body, operation.label
        if isinstance(declared, MergePatch):
            if len(shapes) != 1 or getattr(shapes[0], "__origin__", None) is not dict:
                yield f"{label} declares a patch and reads {shapes}"
        elif shapes != ([declared] if declared is not None else []):
            yield f"{label} declares the body {declared} and reads {shapes}"
        asked = [names[1] for called, names in made if called is queried]
        if asked != ([operation.contract.query] if operation.contract.query is not None else []):
            yield f"{label} declares the query {operation.contract.query} and reads {asked}"
        if operation.method in UNSAFE and not shapes and read_nothing not in {called for called, _ in made}:
            yield f"{label} neither reads a body nor refuses one"
        honoured = {header for called, header in HONOURING.items() if called in {made for made, _ in made}}
        if honoured != set(operation.contract.honours):
            yield f"{label} declares {operation.contract.honours} and honours {sorted(honoured)}"


def test_routes_do_what_they_declare():
    assert list(wrong(v1.ROUTES)) == []


class Wish(Wire, frozen=True):
    word: str


async def wished(request: AnyRequest) -> Wish:
    return await read(request, Wish)


@post("/forgotten", opt=declares(PUBLIC))
async def forgets_its_body(request: AnyRequest) -> None:
    await wished(request)


@post("/other", opt=declares(PUBLIC, body=Wish))
async def reads_nothing(request: AnyRequest) -> None:
    await read_nothing(request)


@post("/deaf", opt=declares(PUBLIC))
async def looks_at_nothing() -> None: ...


@get("/questions", opt=declares(PUBLIC))
async def forgets_its_query(request: AnyRequest) -> None:
    queried(request, Wish)


@get("/versions", opt=declares(PUBLIC, honours=(IDEMPOTENCY_KEY,)))
async def honours_another(request: AnyRequest) -> None:
    expected_version(request)


@post("/wishes", opt=declares(PUBLIC, body=Wish))
async def does_as_it_says(request: AnyRequest) -> None:
    await wished(request)


@pytest.mark.parametrize(
    "handler", [forgets_its_body, reads_nothing, looks_at_nothing, honours_another, forgets_its_query]
)
def test_what_is_not_declared_is_found(handler):
    assert len(list(wrong([handler]))) == 1


def test_what_is_declared_is_left_alone():
    assert list(wrong([does_as_it_says])) == []
