"""From a page to a mail: the same template drawn twice, as MJML with the organizer's colours and as plain text."""

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from foyer.domains.notifications.documents.page import MailPage
from foyer.domains.notifications.documents.words import FILTERS, Words
from foyer.domains.notifications.types import MailKind
from foyer.kernel.color import theme
from foyer.kernel.text import tidy_line

_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no document may hold; a single one of them makes the whole mail impossible to draw."""
_GAP = re.compile(r"\n{3,}")


class Rendered(NamedTuple):
    """A mail as it is read."""

    subject: str
    text: str
    html: str


def render(kind: MailKind, page: MailPage, *, language: str) -> Rendered:
    """Draw a mail. What people have typed is shown and never read: neither as a template nor as markup."""
    import mjml  # Rust behind it: loaded by who draws mails, not by who merely wants one

    colors = theme(page.shop.primary_color, page.shop.secondary_color)
    values: dict[str, object] = {
        "page": page, "language": language, "is_for_staff": kind.is_for_staff, "light": colors.light, "dark": colors.dark,
    }  # fmt: skip
    name = f"{kind.value}.jinja"
    plain = _environment(language, is_html=False)
    values |= {"layout": "_plain.jinja", "ui": plain.get_template("_text.jinja").make_module(values)}
    template = plain.get_template(name)
    subject = "".join(template.blocks["subject"](template.new_context(values)))
    text = _UNREADABLE.sub("", template.render(values))
    rich = _environment(language, is_html=True)
    values |= {"layout": "_frame.jinja", "ui": rich.get_template("_html.jinja").make_module(values)}
    markup = _UNREADABLE.sub("", rich.get_template(name).render(values))
    # Without its list of fonts: it would have every reader ask another company's server for one of them.
    html = mjml.mjml2html(markup, fonts={})
    return Rendered(tidy_line(subject), _GAP.sub("\n\n", text).strip() + "\n", html)


@cache
def _environment(language: str, *, is_html: bool) -> Environment:
    words = Words(language)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=is_html,  # noqa: S701 - plain text has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = words.translations
    i18n: Any = environment  # the extension adds a method that no type knows of
    i18n.install_gettext_callables(catalogue.gettext, catalogue.ngettext, newstyle=True)
    environment.filters.update({one.__name__: one for one in FILTERS})
    environment.filters.update({name: getattr(words, name) for name in Words.FILTERS})
    return environment
