"""The texts for people keep their shape, and their links lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.tidy.rule import ROOT, Finding, Source, line_of, rule

LINK = re.compile(
    r"(?<!\\)\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE
)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE_SPAN = re.compile(r"`[^`\n]*`")
MERGE = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)

README_COMMANDS_MAX = 2
KINDS_OF_CHANGE = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
VERSION = re.compile(r"\[(\d+)\.(\d+)\.(\d+)\] - \d{4}-\d{2}-\d{2}")
CHANGES = """# Changelog

Words.

## [Unreleased]

### Added

- A.

### Fixed

- B
  and C.

## [0.10.0] - 2027-02-01

### Added

- A.

## [0.9.0] - 2027-01-01

### Security

- A.
"""
DECISION_HEADINGS = ["Question", "Decision", "Why", "What it costs"]
DECISION_LINES_MAX = 60
DECISION_TITLE = re.compile(r"# (\d{4}): \S.*")
DECISION = "# 0001: A title\n\nAccepted, 2027-01-01.\n\n" + "\n".join(
    f"## {heading}\n\nText.\n" for heading in DECISION_HEADINGS
)


def blank(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda hit: re.sub(r"[^\n]", " ", hit[0]), text)


@rule(
    "A relative link leads to a file, and to a heading in it.",
    where=("*.md",),
    good=[
        ("README.md", "[a](LICENSE) [b](https://example.org) [c](docs/README.md) `[d](nowhere.md)`\n"),
        ("docs/README.md", "# One step\n\n[up](../README.md) [here](#one-step)\n"),
    ],
    bad=[
        ("README.md", "[a](nowhere.md)\n"),
        ("docs/README.md", "[a](LICENSE)\n"),
        ("docs/README.md", "# One step\n\n[here](#two-steps)\n"),
        ("README.md", "See [a].\n\n[a]: nowhere.md\n"),
        ("README.md", "![](nowhere.png)\n"),
    ],
)
def dead_links(source: Source) -> Iterator[Finding]:
    text = blank(blank(source.text, FENCE), CODE_SPAN)
    for hit in LINK.finditer(text):
        target = hit[1] or hit[2]
        if ELSEWHERE.match(target):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / source.path).parent / path if path else ROOT / source.path
        if path and not file.exists():
            yield line_of(text, hit.start()), f"`{target}` does not exist"
        elif anchor and anchor not in anchors(file.read_text(encoding="utf-8") if path else source.text):
            yield line_of(text, hit.start()), f"`{target}`: there is no such heading"


def anchors(text: str) -> set[str]:
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(blank(text, FENCE)))
    return {word.strip().replace(" ", "-") for word in words}


@rule(
    "A merge leaves no marks behind.",
    where=("*",),
    good=[("docs/README.md", "# A title\n=======\n\nShift by <<<<<<< is no mark.\n")],
    bad=[
        ("src/foyer/web/templates/a.html", "<p>\n<" + "<<<<<< HEAD\n</p>\n"),
        ("src/foyer/app.py", ">" + ">>>>>> main\n"),
    ],
)
def merge_marks(source: Source) -> Iterator[Finding]:
    for hit in MERGE.finditer(source.text):
        yield line_of(source.text, hit.start()), "two versions of these lines still stand here"


@rule(
    "The README starts the product with two commands at most.",
    where=("README.md",),
    good=[("README.md", "# Foyer\n\n```\nmake run\nmake test\n```\n")],
    bad=[("README.md", "# Foyer\n\n```\nmake a\n```\n\n```sh\nmake b\n# why\nmake c\n```\n")],
)
def many_commands(source: Source) -> Iterator[Finding]:
    lines = [line.strip() for block in FENCE.findall(source.text) for line in block.splitlines()]
    commands = [line for line in lines if line and not line.startswith("#")]
    if len(commands) > README_COMMANDS_MAX:
        yield 1, f"{len(commands)} commands: {', '.join(commands)}"


@rule(
    "The changelog names the unreleased changes first, then versions, newest first, in sections of known kinds.",
    where=("CHANGELOG.md",),
    good=[("CHANGELOG.md", CHANGES)],
    bad=[
        ("CHANGELOG.md", "# Changelog\n\n## [0.1.0] - 2027-01-01\n\n### Added\n\n- A.\n"),
        ("CHANGELOG.md", "# News\n\n## [Unreleased]\n"),
        ("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n### Improved\n\n- A.\n"),
        ("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- A.\n\n### Added\n\n- A.\n"),
        ("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n### Added\n\n## [0.1.0] - 2027-01-01\n"),
        ("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n## [0.1.0]\n"),
        (
            "CHANGELOG.md",
            "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2027-01-01\n\n## [0.2.0] - 2027-02-01\n",
        ),
    ],
)
def changelog_shape(source: Source) -> Iterator[Finding]:
    title, *versions = re.split(r"^## ", source.text, flags=re.MULTILINE)
    names = [version.splitlines()[0] for version in versions]
    if not title.startswith("# Changelog\n"):
        yield 1, "the title is `# Changelog`"
    if names[:1] != ["[Unreleased]"]:
        yield 1, "`## [Unreleased]` comes first"
    released = [VERSION.fullmatch(name) for name in names[1:]]
    if not all(released):
        yield 1, "a version is written `## [1.2.3] - 2027-01-31`"
    numbers = [tuple(map(int, hit.groups())) for hit in released if hit]
    if numbers != sorted(set(numbers), reverse=True):
        yield 1, "versions stand newest first, each once"
    for name, version in zip(names, versions, strict=True):
        _, *sections = re.split(r"^### ", version, flags=re.MULTILINE)
        kinds = [section.splitlines()[0] for section in sections]
        if kinds != [kind for kind in KINDS_OF_CHANGE if kind in kinds]:
            yield 1, f"{name}: sections are {', '.join(KINDS_OF_CHANGE)}, in this order"
        for kind, section in zip(kinds, sections, strict=True):
            if not re.search(r"^- \S", section, re.MULTILINE):
                yield 1, f"{name}: {kind} is empty"


@rule(
    "A decision is one page with the same four headings, dated, numbered as its file is.",
    where=("docs/decisions/[0-9]*.md",),
    good=[("docs/decisions/0001-a-title.md", DECISION)],
    bad=[
        ("docs/decisions/0002-a-title.md", DECISION),
        ("docs/decisions/0001-a-title.md", DECISION.replace("## Why", "## Because")),
        ("docs/decisions/0001-a-title.md", DECISION.replace("Accepted, 2027-01-01.", "")),
        ("docs/decisions/0001-a-title.md", DECISION + "More.\n" * 60),
    ],
)
def decision_shape(source: Source) -> Iterator[Finding]:
    title = DECISION_TITLE.fullmatch(source.lines[0]) if source.lines else None
    if not title or not Path(source.path).name.startswith(f"{title[1]}-"):
        yield 1, "the title is `# 0001: …` with the number of the file"
    if not re.search(
        r"^(?:Accepted|Superseded by \[.*\]\(.*\)), \d{4}-\d{2}-\d{2}\.$", source.text, re.MULTILINE
    ):
        yield 3, "the state is `Accepted, 2027-01-31.` or `Superseded by [0002](…), 2027-01-31.`"
    headings = re.findall(r"^## (.+)$", source.text, re.MULTILINE)
    if headings != DECISION_HEADINGS:
        yield 1, f"headings are {', '.join(DECISION_HEADINGS)}"
    if len(source.lines) > DECISION_LINES_MAX:
        yield DECISION_LINES_MAX, f"{len(source.lines)} lines, {DECISION_LINES_MAX} are allowed"
