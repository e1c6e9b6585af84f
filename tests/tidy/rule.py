"""What a house rule is: a sentence, a function over one source text, and examples on both sides of it."""

import ast
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache, cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

Finding = tuple[int, str]
"""Line and what is wrong there."""

Example = tuple[str, str]
"""Path, because rules differ from room to room, and text."""

TEXTS = {
    ".py", ".pyi", ".md", ".toml", ".sql", ".html", ".jinja", ".xml", ".txt", ".css", ".js", ".mjs", ".ts", ".json", ".svg",
    ".yml", ".yaml", ".sh", ".ini", ".cfg", ".mako", "",
}  # fmt: skip
NOT_OURS = {"node_modules", "dist", "build", "__pycache__"}
HIDDEN_BUT_OURS = {".ci", ".github"}


class Source:
    """One file's text, parsed at most once however many rules ask."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @cached_property
    def _by_kind(self) -> dict[type[ast.AST], list[ast.AST]]:
        kinds: dict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        for node in ast.walk(self.tree):
            kinds[type(node)].append(node)
        return kinds

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[Any]:
        for kind in kinds:
            yield from self._by_kind[kind]

    @cached_property
    def _docstrings(self) -> set[int]:
        holders = self.nodes(ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        bodies = (holder.body for holder in holders)
        statements = (statement for body in bodies for statement in body if isinstance(statement, ast.Expr))
        return {id(statement.value) for statement in statements if isinstance(statement.value, ast.Constant)}

    def strings(self) -> Iterator[tuple[int, str]]:
        """As `texts`, each with its line."""
        for node in self.texts():
            yield node.lineno, str(node.value)

    def texts(self) -> Iterator[ast.Constant]:
        """String constants that are values: SQL, settings, messages; texts that only document are left out."""
        for node in self.nodes(ast.Constant):
            if isinstance(node.value, str) and id(node) not in self._docstrings:
                yield node


@dataclass(frozen=True)
class Rule:
    sentence: str
    find: Callable[[Source], Iterator[Finding]]
    where: Sequence[str]
    but: Sequence[str]
    good: Sequence[Example]
    bad: Sequence[Example]

    @property
    def name(self) -> str:
        return self.find.__name__

    def applies(self, path: str) -> bool:
        """`where` and `but` are shell patterns; a star crosses directories."""
        return any(fnmatch(path, one) for one in self.where) and not any(
            fnmatch(path, one) for one in self.but
        )

    def findings(self, source: Source) -> list[str]:
        if not self.applies(source.path):
            return []
        return [f"{source.path}:{line}: {what}" for line, what in self.find(source)]


RULES: list[Rule] = []


def rule(
    sentence: str,
    *,
    where: Sequence[str],
    good: Sequence[Example],
    bad: Sequence[Example],
    but: Sequence[str] = (),
) -> Callable[[Callable[[Source], Iterator[Finding]]], Callable[[Source], Iterator[Finding]]]:
    def register(find: Callable[[Source], Iterator[Finding]]) -> Callable[[Source], Iterator[Finding]]:
        RULES.append(Rule(sentence, find, where, but, good, bad))
        return find

    return register


@cache
def tree() -> tuple[Source, ...]:
    """Every text of the repository, in the order of its path."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if is_ours(name))
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix in TEXTS and not name.startswith("."):
                found.append(Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")))
    return tuple(found)


def is_ours(folder: str) -> bool:
    if folder in NOT_OURS or folder.endswith(".egg-info"):
        return False
    return not folder.startswith(".") or folder in HIDDEN_BUT_OURS


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
