"""How large things may be, what they may be called, and that they are finished."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import PurePath

from tests.tidy.rule import Finding, Source, rule

PYTHON = ("*.py",)
SOURCES = ("*.py", "frontend/*.ts")
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
PARAMETERS_MAX = 8
DRAWERS = {"util", "utils", "helper", "helpers", "common", "service", "services", "manager", "managers"}
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b")


@rule(
    "A file fits in 400 lines; a longer one becomes a folder of the same name.",
    where=SOURCES,
    but=("migrations/*",),
    good=[("src/foyer/kernel/money.py", "x = 1\n" * 400), ("migrations/versions/one.py", "x = 1\n" * 900)],
    bad=[("src/foyer/kernel/money.py", "x = 1\n" * 401), ("frontend/modules/page.ts", "x = 1;\n" * 401)],
)
def long_files(source: Source) -> Iterator[Finding]:
    if len(source.lines) > FILE_LINES_MAX:
        yield FILE_LINES_MAX, f"the file has {len(source.lines)} lines, {FILE_LINES_MAX} are allowed"


@rule(
    "A function fits on a screen of 70 lines.",
    where=PYTHON,
    but=("migrations/*",),
    good=[("src/foyer/app.py", "def f():\n" + "    x = 1\n" * 69)],
    bad=[
        ("src/foyer/app.py", "def f():\n" + "    x = 1\n" * 70),
        ("src/foyer/app.py", "class A:\n    async def f(self):\n" + "        x = 1\n" * 70),
    ],
)
def long_functions(source: Source) -> Iterator[Finding]:
    for node in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        lines = node.end_lineno - node.lineno + 1
        if lines > FUNCTION_LINES_MAX:
            yield node.lineno, f"`{node.name}` has {lines} lines, {FUNCTION_LINES_MAX} are allowed"


@rule(
    "A function takes at most eight parameters.",
    where=PYTHON,
    good=[("src/foyer/app.py", "class A:\n    def f(self, a, b, c, d, *, e, f, g, h): ...\n")],
    bad=[("src/foyer/app.py", "def f(a, b, c, d, *, e, f, g, h, i): ...\n")],
)
def many_parameters(source: Source) -> Iterator[Finding]:
    for node in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        count = len([one for one in given if one.arg not in {"self", "cls"}])
        if count > PARAMETERS_MAX:
            yield node.lineno, f"`{node.name}` takes {count} parameters, {PARAMETERS_MAX} are allowed"


@rule(
    "A module is named after what it holds, never after a drawer.",
    where=SOURCES,
    good=[("src/foyer/domains/events/rules.py", ""), ("src/foyer/domains/events/service_fees.py", "")],
    bad=[
        ("src/foyer/utils.py", ""),
        ("src/foyer/domains/orders/order_service.py", ""),
        ("src/foyer/common/text.py", ""),
        ("tests/helpers.py", ""),
        ("frontend/modules/utils.ts", ""),
    ],
)
def drawers(source: Source) -> Iterator[Finding]:
    for part in PurePath(source.path).with_suffix("").parts:
        if part.split("_")[-1] in DRAWERS:
            yield 1, f"`{part}` does not say what it holds"


@rule(
    "What is merged is finished: no marks for later.",
    where=("*",),
    good=[
        ("src/foyer/app.py", "x = 'a TODO list is a product word inside a string'\n"),
        ("docs/README.md", "Everything here is done.\n"),
    ],
    bad=[
        ("src/foyer/app.py", "x = 1  # TODO: two\n"),
        ("docs/README.md", "FIXME: say more.\n"),
        ("migrations/env.py", "# XXX\n"),
    ],
)
def unfinished(source: Source) -> Iterator[Finding]:
    if not UNFINISHED.search(source.text):
        return
    for line, text in comments(source) if source.path.endswith(".py") else enumerate(source.lines, 1):
        mark = UNFINISHED.search(text)
        if mark:
            yield line, f"`{mark[0]}` belongs into a list of work, not into the tree"


def comments(source: Source) -> Iterator[Finding]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
