"""Templates keep the promise of the content security policy: no code and no style stands inside a page."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from tests.tidy.rule import Finding, Source, line_of, rule

TEMPLATES = ("src/foyer/*.html", "src/foyer/*.jinja", "plugins/*.html", "plugins/*.jinja")

MAILS = "src/foyer/domains/notifications/documents/templates/"
"""Programs that show mail have no policy of ours, and many read no other style than the one on the element."""

SAFE_ALLOWED: dict[str, str] = {}
"""Template that may mark a value as safe, and why that value cannot carry a stranger's markup."""

JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
SAFE = re.compile(r"\|\s*safe\b|\bMarkup\(|\{%-?\s*autoescape\s+false")
DATA_TYPES = {"application/json", "application/ld+json"}
ATTRIBUTES_OF_CODE = re.compile(r"on[a-z]+|hx-on.*|hx-vals-js")


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((self.getpos()[0], tag, dict(attrs)))


def tags(source: Source) -> list[tuple[int, str, dict[str, str | None]]]:
    """Start tags of a template; what Jinja writes is blanked first, keeping the lines."""
    parser = Tags()
    parser.feed(JINJA.sub(lambda hit: " " + "\n" * hit[0].count("\n"), source.text))
    return parser.found


@rule(
    "A page carries no inline script; data for a script is JSON.",
    where=TEMPLATES,
    good=[
        ("src/foyer/web/templates/a.html", '<script type="module" src="{{ asset("a.js") }}"></script>'),
        ("src/foyer/web/templates/a.html", '<script type="application/ld+json">{{ data|tojson }}</script>'),
    ],
    bad=[
        ("src/foyer/web/templates/a.html", "<script>start()</script>"),
        ("src/foyer/web/templates/a.html", '<script type="module">start()</script>'),
    ],
)
def inline_scripts(source: Source) -> Iterator[Finding]:
    for line, tag, attributes in tags(source):
        if tag == "script" and "src" not in attributes and attributes.get("type") not in DATA_TYPES:
            yield line, "a script stands in the page; move it to a module"


@rule(
    "Elements carry neither styles nor handlers.",
    where=TEMPLATES,
    good=[
        ("src/foyer/web/templates/a.html", "{% set only = 1 %}<p class='once'>Style = taste, on = off</p>"),
        (
            "src/foyer/web/templates/a.html",
            "{# <p style='x'> #}<a {% if a > b %}hidden{% endif %} href='/'>a</a>",
        ),
        (f"{MAILS}a.jinja", "<td style='padding: 0'>a</td>"),
    ],
    bad=[
        ("src/foyer/web/templates/a.html", "<p style='color: red'>a</p>"),
        ("src/foyer/web/templates/a.html", "<p style='width: {{ share }}%'>a</p>"),
        ("src/foyer/web/templates/a.html", "<button type=button\n onclick='go()'>a</button>"),
        (
            "src/foyer/web/templates/a.html",
            "<button {% if a > b %}disabled{% endif %} onclick='go()'>a</button>",
        ),
        ("src/foyer/web/templates/a.html", "<button hx-on:click='go()'>a</button>"),
        (f"{MAILS}a.jinja", "<td onclick='go()'>a</td>"),
    ],
)
def inline_attributes(source: Source) -> Iterator[Finding]:
    for line, tag, attributes in tags(source):
        for name in attributes:
            is_style = name == "style" and not source.path.startswith(MAILS)
            if is_style or ATTRIBUTES_OF_CODE.fullmatch(name):
                yield line, f"<{tag}> has `{name}`; the policy refuses it in a browser"


@rule(
    "Escaping is switched off only where the list says why.",
    where=TEMPLATES,
    but=tuple(SAFE_ALLOWED),
    good=[("src/foyer/web/templates/a.html", "<p>{{ title }} is safe|sound</p>")],
    bad=[
        ("src/foyer/web/templates/a.html", "<p>{{ title|safe }}</p>"),
        ("src/foyer/web/templates/a.html", "<p>{{ title | safe }}</p>"),
        ("src/foyer/web/templates/a.html", "{% autoescape false %}{{ title }}{% endautoescape %}"),
    ],
)
def unescaped(source: Source) -> Iterator[Finding]:
    for block in JINJA.finditer(source.text):
        if not block[0].startswith("{#") and SAFE.search(block[0]):
            yield line_of(source.text, block.start()), "escaping is switched off"


FORM = re.compile(r"<form\b(?P<attributes>(?:\{\{.*?\}\}|\{%.*?%\}|[^>])*)>.*?</form>", re.DOTALL)
BUSY = re.compile(r"\bbusy=")


@rule(
    "A button that says what it does while it works stands in a form that is sent once.",
    where=TEMPLATES,
    good=[
        ("src/foyer/web/templates/a.html", "<form data-once>{{ button('Save', busy='Saving') }}</form>"),
        (
            "src/foyer/web/templates/a.html",
            "<form>{{ button('Find') }}</form><button data-busy='Finding'></button>",
        ),
    ],
    bad=[
        ("src/foyer/web/templates/a.html", "<form>{{ button('Save', busy='Saving') }}</form>"),
        (
            "src/foyer/web/templates/a.html",
            '<form {% if a > b %}hidden{% endif %}>\n<button data-busy="Saving"></form>',
        ),
    ],
)
def sent_twice(source: Source) -> Iterator[Finding]:
    for form in FORM.finditer(source.text):
        if "data-once" not in form["attributes"] and BUSY.search(form[0]):
            yield line_of(source.text, form.start()), "its script waits for `data-once`"


FIELD = re.compile(r"\b(?:field|asked|stepper)\(|\{% block fields|\brequired\b")


@rule(
    "What is wrong with a form of the shop is said by the shop, in the language of its page, and not by the browser in its own.",
    where=("src/foyer/web/templates/shop/*.html",),
    good=[
        (
            "src/foyer/web/templates/shop/a.html",
            "<form method='post' novalidate>{{ field('email', required=true) }}</form>",
        ),
        ("src/foyer/web/templates/shop/a.html", "<form method='post'>{{ button(_('Sign out')) }}</form>"),
    ],
    bad=[
        (
            "src/foyer/web/templates/shop/a.html",
            "<form method='post'>{{ field('email', required=true) }}</form>",
        ),
        (
            "src/foyer/web/templates/shop/a.html",
            "<form method='post'>\n{% block fields %}{% endblock %}</form>",
        ),
    ],
)
def browsers_words(source: Source) -> Iterator[Finding]:
    for form in FORM.finditer(source.text):
        if "novalidate" not in form["attributes"] and FIELD.search(form[0]):
            yield line_of(source.text, form.start()), "the browser speaks first; give the form `novalidate`"


PHYSICAL = re.compile(
    r"(?<![-\w])(?:(?:(?:scroll-)?(?:margin|padding)|border)-(?:left|right)\b|border-(?:top|bottom)-(?:left|right)-radius"
    r"|(?:left|right):|(?:text-align|float|clear): *(?:left|right)\b)"
)
FOUR_SIDES = re.compile(
    r"(?<![-\w])(?P<what>margin|padding|inset|border-radius): *(?P<sides>(?:[^\s;()}]|\([^()]*\))+(?: +(?:[^\s;()}]|\([^()]*\))+){3}) *[;}]"
)


@rule(
    "Every page can be read from right to left: style sheets speak of start and end, not of left and right.",
    where=("src/foyer/web/static/*.css",),
    good=[
        (
            "src/foyer/web/static/shop.css",
            ".a { margin-inline-start: 4px; text-align: start; } .is-left { inset-inline: 0 auto; }",
        ),
        ("src/foyer/web/static/shop.css", ".a { padding: 1px 2px 3px 2px; border-radius: 9px 9px 0 0; }"),
    ],
    bad=[
        ("src/foyer/web/static/shop.css", ".a { margin-left: 4px; }"),
        ("src/foyer/web/static/shop.css", ".a { position: absolute; right: 0; }"),
        ("src/foyer/web/static/office.css", ".a { text-align: right; }"),
        ("src/foyer/web/static/shop.css", ".a { border-left-color: red; }"),
        ("src/foyer/web/static/shop.css", ".a { border-top-left-radius: 4px; }"),
        ("src/foyer/web/static/shop.css", ".a { padding: 0 44px 0 calc(30px + 4px); }"),
        ("src/foyer/web/static/shop.css", ".a { border-radius: 4px 0 0 4px }"),
    ],
)
def one_way_layout(source: Source) -> Iterator[Finding]:
    found = [*PHYSICAL.finditer(source.text), *filter(_leans, FOUR_SIDES.finditer(source.text))]
    for hit in found:
        yield (
            line_of(source.text, hit.start()),
            f"`{hit[0]}` is another side where people read from right to left",
        )


def _leans(hit: re.Match[str]) -> bool:
    one, two, three, four = re.findall(r"(?:[^\s()]|\([^()]*\))+", hit["sides"])
    return (one, three) != (two, four) if hit["what"] == "border-radius" else two != four
