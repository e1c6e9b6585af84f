"""Tests run: they are not skipped, and none is expected to fail."""

import ast
from collections.abc import Iterator

from tests.tidy.rule import Finding, Source, rule

SKIP_ALLOWED: dict[str, str] = {}
"""Test file that may skip, and what the machine lacks when it does."""

SKIPS = {"skip", "skipif", "xfail", "importorskip"}


@rule(
    "A test that cannot run is mended or deleted.",
    where=("tests/*.py", "plugins/*.py"),
    but=tuple(SKIP_ALLOWED),
    good=[
        (
            "tests/rules/test_money.py",
            "rows.skip(1)\n\n\n@pytest.mark.parametrize('a', [1])\ndef test_a(a): ...\n",
        )
    ],
    bad=[
        ("tests/rules/test_money.py", "pytest.skip('later')\n"),
        ("tests/rules/test_money.py", "@pytest.mark.xfail\ndef test_a(): ...\n"),
        ("tests/rules/test_money.py", "@pytest.mark.skipif(True, reason='slow')\ndef test_a(): ...\n"),
        ("tests/rules/test_money.py", "from pytest import importorskip\n"),
        ("tests/rules/test_money.py", "@unittest.skip('later')\ndef test_a(): ...\n"),
    ],
)
def skipped(source: Source) -> Iterator[Finding]:
    for node in source.nodes(ast.Attribute):
        if node.attr in SKIPS and ast.unparse(node.value) in {"pytest", "pytest.mark", "mark", "unittest"}:
            yield node.lineno, f"`{node.attr}`"
    for node in source.nodes(ast.ImportFrom):
        if node.module in {"pytest", "unittest"} and any(name.name in SKIPS for name in node.names):
            yield node.lineno, "a way to skip is imported"
