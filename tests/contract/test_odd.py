"""Values that nobody means to send: every route answers them with something that the document lists."""

import re

import pytest

from foyer.api import openapi, v1
from tests.contract.test_document import DOCUMENT

OPERATIONS = [
    operation
    for operation in openapi.operations(v1.ROUTES)
    if any(one.shape is str or one.place == "query" for one in operation.parameters)
]
ODD = (
    "", "%00", "%FF", "%ED%A0%80", "%E2%80%A8", "%22%27%3B--", "%252e%252e", "%0D%0AX:1", "-1", "9223372036854775808", "9" * 40,
    "NaN", "null", "[]", "A" * 5_000, "AAAAAAAAAAAAAAAAAAAAAA", "2031-02-30", "9999-12-31T23:59:59-14:00",
)  # fmt: skip
"""As they stand in an address: NUL, broken UTF-8, halves of pairs, line ends, numbers beyond 64 bits, cursors, moments."""


def addressed(operation: openapi.Operation, row: dict[str, str], odd: dict[str, str]) -> str:
    """The address of an operation with real ids, but for what is odd."""
    path = re.sub(r"\{(\w+)\}", lambda hit: odd.get(f"path.{hit[1]}", row.get(hit[1], "x")), operation.path)
    query = "&".join(
        f"{name.removeprefix('query.')}={value}" for name, value in odd.items() if name.startswith("query.")
    )
    return f"{path}?{query}" if query else path


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
async def test_odd_values_are_answered_as_documented(client, world, operation):
    documented = {int(status) for status in DOCUMENT["paths"][operation.path][operation.method]["responses"]}
    named = {one.name for one in operation.parameters if one.place == "path"}
    row = next((row for row in world.rows if named <= set(row)), {})
    key = world.organization.device_key if operation.access.kind == "device" else world.organization.api_key
    credential = {} if operation.access.kind == "public" else {"Authorization": f"Bearer {key}"}
    told = {}
    for parameter in operation.parameters:
        if parameter.place == "path" and parameter.shape is not str:
            continue  # the router takes ids and nothing else
        for value in ODD:
            address = addressed(operation, row, {f"{parameter.place}.{parameter.name}": value})
            answer = await client.request(operation.method, address, headers=credential)
            # An empty path parameter, or one that holds a slash, is the address of something else.
            expected = documented | ({404, 405} if parameter.place == "path" else set())
            if answer.status_code not in expected or answer.status_code >= 500:
                told[parameter.name, value[:30]] = answer.status_code, answer.text[:200]

    assert told == {}
