"""What a buyer reads can be told in their language: it is marked where it is written, in templates as in code."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

from tests.tidy.pages import JINJA
from tests.tidy.rule import Finding, Source, line_of, rule

MARKS = {"_", "gettext", "ngettext", "said", "restated"}
SHOP_TEMPLATES = tuple(
    f"src/foyer/web/templates/{name}.html" for name in ("base", "_ui", "_icons", "landing", "shop/*")
)
SHOP_PAGES = ("src/foyer/web/storefront/*.py", "src/foyer/web/shared/*.py", "src/foyer/web/errors.py")
BUYING = tuple(
    f"src/foyer/domains/{name}/*.py"
    for name in ("carts", "checkout", "customers", "orders", "tickets", "waiting")
)

SENTENCE = re.compile(r"[A-Z“{%].* .*[.?…]", re.DOTALL)
WORDS = re.compile(r"[A-Z][a-z]+(?:[ ,:’][^/\n]*)?")
"""As a label or a sentence begins, and nothing that a header, a tag or a name in code looks like."""
NAMES = {"Foyer"}
CODE = re.compile(r"\S*[=/]\S*|[a-z]+(?:-[a-z]+)+")
"""What a block of a template puts into a tag."""
LETTERS = re.compile(r"[^\W\d_]{2,}")
TRANSLATED = re.compile(r"\{%-?\s*trans\b.*?\{%-?\s*endtrans\s*-?%\}", re.DOTALL)
READ_OUT = {"title", "aria-label", "placeholder", "alt", "aria-description", "aria-roledescription", "label"}
UNSEEN = {"script", "style", "template", "mj-style"}


@rule(
    "What a buyer is refused with is marked, so that it is told in their language.",
    where=BUYING,
    but=(
        "src/foyer/domains/checkout/queries/*",  # sentences of the books, for whoever runs the installation
        "src/foyer/domains/*/documents/words.py",  # tables of both languages
        "src/foyer/domains/checkout/desk/record.py",  # why money goes back, kept with it
        "src/foyer/domains/checkout/desk/refunds.py",
        "src/foyer/domains/tickets/desk/door.py",  # what doors are answered
    ),
    good=[
        ("src/foyer/domains/carts/errors.py", 'raise NotFound(said("There is no such cart."))\n'),
        ("src/foyer/domains/carts/errors.py", 'def a():\n    """Give it back at once."""\n'),
        ("src/foyer/domains/carts/errors.py", 'raise Invalid(restated(f"Use one of {ways}.", "Use one."))\n'),
    ],
    bad=[
        ("src/foyer/domains/carts/errors.py", 'raise NotFound("There is no such cart.")\n'),
        ("src/foyer/domains/carts/rules/selling.py", 'sentence = f"{name} is sold out."\n'),
        ("src/foyer/domains/tickets/actions.py", 'GONE: Final = "This ticket was handed on."\n'),
    ],
)
def refusals_in_one_language(source: Source) -> Iterator[Finding]:
    for line, text in unmarked(source):
        if SENTENCE.fullmatch(text):
            yield line, f"{text!r} can be told in English only; mark it with `said`"


@rule(
    "What a page of a shop says is marked in the code that says it.",
    where=SHOP_PAGES,
    but=("src/foyer/web/shared/staff.py", "src/foyer/web/shared/client.py"),
    good=[
        ("src/foyer/web/shared/visitor.py", 'desks = cast("Desks", state.desks)\n'),
        ("src/foyer/web/storefront/buy.py", 'page = Page(headline=_("Sold out"))\n'),
        ("src/foyer/web/storefront/buy.py", 'headers = {"Vary": "Accept-Language"}\n'),
    ],
    bad=[
        ("src/foyer/web/storefront/buy.py", 'page = Page(headline="Sold out")\n'),
        ("src/foyer/web/storefront/buy.py", 'page = Page(action="Search")\n'),
        ("src/foyer/web/shared/pages/buy.py", 'words = f"Order for {amount}"\n'),
    ],
)
def pages_in_one_language(source: Source) -> Iterator[Finding]:
    told = {one.value.lineno for one in source.nodes(ast.keyword)}
    for line, text in unmarked(source):
        if WORDS.fullmatch(text) and text not in NAMES and (" " in text or line in told):
            yield line, f"{text!r} can be told in English only; mark it with `_` or `said`"


def unmarked(source: Source) -> Iterator[tuple[int, str]]:
    """Texts that stand in code as they are, with `{}` for what is put into them; keys and documentation are left out."""
    passed = {id(key) for table in source.nodes(ast.Dict) for key in table.keys}
    passed |= {id(one.slice) for one in source.nodes(ast.Subscript)}
    for call in source.nodes(ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id in MARKS:
            passed |= {id(part) for part in ast.walk(call)}
    for joined in source.nodes(ast.JoinedStr):
        if id(joined) not in passed:
            passed |= {id(part) for part in ast.walk(joined)}
            parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in joined.values]
            yield joined.lineno, "".join(parts)
    for text in source.texts():
        if id(text) not in passed:
            yield text.lineno, str(text.value)


class Said(HTMLParser):
    """The words that stand in a page as they are, and where."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in UNSEEN:
            self._inside.append(tag)
        seen = READ_OUT | ({"value"} if given.get("type") in {"submit", "button", "reset"} else set())
        seen |= {"content"} if given.get("name") == "description" else set()
        self.found += [(self.getpos()[0], text) for name, text in attrs if name in seen and text]

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.found.append((self.getpos()[0] + data[: len(data) - len(data.lstrip())].count("\n"), data))


@rule(
    "What a template of a shop or of a mail shows or reads out is marked.",
    where=(*SHOP_TEMPLATES, "src/foyer/domains/notifications/documents/templates/*.jinja"),
    good=[
        ("src/foyer/web/templates/shop/a.html", '<p title="{{ _("Gone") }}">{{ _("All gone") }} · 3</p>'),
        ("src/foyer/web/templates/shop/a.html", "<p>{% trans n=page.n %}{{ n }} left{% endtrans %}</p>"),
        ("src/foyer/web/templates/shop/a.html", '{{ button(_("Go on"), kind="button-main wide") }}'),
        ("src/foyer/web/templates/shop/a.html", "{% block kind %}is-form is-over{% endblock %}"),
        ("src/foyer/web/templates/base.html", "<script>start now</script><input value='Any text'>"),
    ],
    bad=[
        ("src/foyer/web/templates/shop/a.html", "<p>All gone</p>"),
        ("src/foyer/web/templates/shop/a.html", "<p>{{ n }} left</p>"),
        ("src/foyer/web/templates/_ui.html", '<button aria-label="Close {{ name }}"></button>'),
        ("src/foyer/web/templates/shop/a.html", '<input type="submit" value="Search">'),
        ("src/foyer/web/templates/shop/a.html", '{{ button("Go on") }}'),
        ("src/foyer/web/templates/shop/a.html", '{% set words = "Go on" if page.is_more else none %}'),
        (
            "src/foyer/domains/notifications/documents/templates/a.jinja",
            '{{ ui.button("Go on", page.link) }}',
        ),
    ],
)
def templates_in_one_language(source: Source) -> Iterator[Finding]:
    def blank(hit: re.Match[str]) -> str:
        return " " + "\n" * hit[0].count("\n")

    bare = Said()
    bare.feed(JINJA.sub(blank, TRANSLATED.sub(blank, source.text)))
    bare.close()
    for line, text in bare.found:
        if LETTERS.search(CODE.sub("", text)) and text.strip() not in NAMES:
            yield line, f"{text.strip()!r} can be told in English only; mark it with `_`"
    page = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(source.text)
    marked = {
        id(word)
        for call in page.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in MARKS
        for word in call.find_all(nodes.Const)
    }
    for word in page.find_all(nodes.Const):
        if (
            isinstance(word.value, str)
            and WORDS.fullmatch(word.value)
            and id(word) not in marked
            and word.value not in NAMES
        ):
            yield word.lineno, f"{word.value!r} can be told in English only; mark it with `_`"


TOLD = re.compile(
    r"""(?:\b(?:textContent|innerText|title|placeholder|ariaLabel)\s*=\s*|setAttribute\(\s*"(?:aria-label|title|placeholder|alt)",\s*)["'`](?=[^"'`]*[A-Za-z])"""
    r"""|["'`][A-Z][a-z]+ [^"'`\n]*["'`]"""
)
HOLE = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}")
COMMENT = re.compile(r"^[ \t]*(?://|/?\*).*$|(?<=\s)// .*$", re.MULTILINE)


@rule(
    "A script of a shop says what its page gives it to say: it knows no language itself.",
    where=("frontend/entries/*.ts", "frontend/modules/*.ts"),
    but=tuple(
        f"frontend/{name}"
        for name in ("entries/door/*", "entries/office*", "modules/door/*", "modules/office/*")
    ),
    good=[
        (
            "frontend/modules/shop/sum.ts",
            '// Only words of the page.\nput("count", words("tickets", { n: 2 }, 2));\n',
        ),
        (
            "frontend/entries/busy.ts",
            'said.textContent = `. ${words("late", { n })}`;\nif (event.key === "Escape") close();\n',
        ),
    ],
    bad=[
        ("frontend/modules/shop/sum.ts", 'put("count", "Two tickets");\n'),
        ("frontend/entries/busy.ts", "next.textContent = `${soon} seconds, ${late}`;\n"),
        ("frontend/modules/toasts.ts", 'button.setAttribute("aria-label", "close");\n'),
    ],
)
def scripts_in_one_language(source: Source) -> Iterator[Finding]:
    code = HOLE.sub("", COMMENT.sub("", source.text))
    for hit in TOLD.finditer(code):
        yield (
            line_of(code, hit.start()),
            f"{hit[0]!r} can be told in English only; let `script_words` give it",
        )
