"""The document is one that tools understand, and says of each route what can be known without asking it."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from foyer.api import openapi, router, v1
from foyer.api.contract import MergePatch, Upload
from foyer.api.examples import EXAMPLES
from foyer.kernel import errors
from foyer.kernel.errors import FoyerError

DOCUMENT: dict[str, Any] = openapi.document(v1.ROUTES)
OPERATIONS = list(openapi.operations(v1.ROUTES))
SCHEMES = {
    "public": set(),
    "holder": {"holderToken"},
    "permission": {"staffKey"},
    "device": {"doorDevice", "staffKey"},
}
each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)


def drawn(operation: openapi.Operation) -> dict[str, Any]:
    return DOCUMENT["paths"][operation.path][operation.method]


def resolved(reference: str) -> Any:
    found: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def codes(operation: openapi.Operation) -> dict[int, set[str]]:
    """The codes of every refusal of an operation, by status."""
    found = {}
    for status, answer in drawn(operation)["responses"].items():
        if "$ref" in answer:
            schema = resolved(answer["$ref"])["content"]["application/problem+json"]["schema"]
            found[int(status)] = set(schema["allOf"][1]["properties"]["code"]["enum"])
    return found


def test_document_is_valid():
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


def test_every_reference_leads_somewhere_and_nothing_is_left_over():
    used = set(references(DOCUMENT))

    assert all(resolved(one) for one in used)
    named = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "responses")
        for name in DOCUMENT["components"][kind]
    }
    assert named - used == set()


def test_names_are_what_a_generator_can_use():
    names = [drawn(operation)["operationId"] for operation in OPERATIONS]

    assert len(set(names)) == len(names) == len(v1.ROUTES)
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]*", name)] == []
    assert [
        name for name in DOCUMENT["components"]["schemas"] if not re.fullmatch(r"[A-Z][A-Za-z0-9_]*", name)
    ] == []
    tags = {tag["name"] for tag in DOCUMENT["tags"]}
    assert {tag for operation in OPERATIONS for tag in drawn(operation)["tags"]} == tags
    assert all(tag["description"] for tag in DOCUMENT["tags"])


def test_every_route_that_is_served_is_in_it():
    served = {
        (method, re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path))
        for route in router().routes
        for method in route.methods - {"OPTIONS"}
        if not route.path.endswith("/openapi.json")
    }

    assert {(operation.method.upper(), operation.path) for operation in OPERATIONS} == served
    assert {
        (method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods
    } == served


@each_operation
def test_operation_says_who_may_call_it(operation):
    asked = drawn(operation)["security"]

    assert {name for one in asked for name in one} == SCHEMES[operation.access.kind]
    assert {role for one in asked for role in one.get("staffKey", ())} <= {operation.access.detail}
    assert (operation.access.kind in {"permission", "device"}) == any("staffKey" in one for one in asked)


@each_operation
def test_operation_lists_the_refusals_that_are_universal(operation):
    known = codes(operation)

    assert {"malformed"} <= known[400]
    assert {"busy"} <= known[503]
    assert {"internal"} <= known[500]
    assert (401 in known) == (operation.access.kind != "public")
    assert (403 in known) or operation.access.kind not in {"permission", "device"}
    assert (404 in known) or "{" not in operation.path
    assert (422 in known) or not (operation.parameters or operation.contract.body)
    assert (413 in known) == (operation.method in {"post", "put", "patch"})


@each_operation
def test_operation_is_described(operation):
    told = drawn(operation)

    assert told["summary"]
    assert not told["summary"].endswith(".")
    assert {one["name"] for one in told["parameters"] if one["in"] == "path"} == set(
        re.findall(r"\{(\w+)\}", operation.path)
    )
    succeeded = [status for status in told["responses"] if status.startswith("2")]
    assert succeeded
    assert ("requestBody" in told) == (operation.contract.body is not None)


def test_codes_are_those_of_the_kernel():
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, FoyerError)
    ]
    kernel = {(kind.status, kind.code) for kind in kinds} | {(413, "too_large")}
    told = {
        (status, code)
        for operation in OPERATIONS
        for status, known in codes(operation).items()
        for code in known
    }

    assert told <= kernel


def test_every_body_has_an_example_that_is_read():
    bodies = {}
    for operation in OPERATIONS:
        if (body := operation.contract.body) is not None and not isinstance(body, Upload):
            shown = drawn(operation)["requestBody"]["content"]["application/json"]
            assert "example" in shown, f"{operation.label}: give its body an example in foyer/api/examples.py"
            bodies[shown["schema"]["$ref"].rpartition("/")[2]] = body
            if not isinstance(body, MergePatch):
                msgspec.convert(shown["example"], body)
            else:
                assert set(shown["example"]) <= {
                    field.encode_name for field in msgspec.structs.fields(body.draft)
                }

    assert set(EXAMPLES) == set(bodies)
