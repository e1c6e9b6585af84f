"""The words that are marked, found as `pybabel extract` finds them, and the catalogues that say them in other languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import foyer
from foyer.domains.notifications import documents
from foyer.kernel.language import LANGUAGES
from foyer.web.shared import words

Message = str | tuple[str, ...]

TRIMMED = {"trimmed": "true", "silent": "false"}
PAGES: Mapping[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "said": None,
    "restated": (2,),
}
REFUSALS: Mapping[str, tuple[int, ...] | None] = {"said": None, "restated": (2,)}
"""Rooms that speak no language of their own: what they say is told where it is shown."""


@dataclass(frozen=True)
class Speaker:
    """What one catalogue is of: a folder, the files in it that say something, and where their translations lie."""

    name: str
    folder: Path
    files: tuple[tuple[str, str, Mapping[str, tuple[int, ...] | None]], ...]
    catalogues: Path

    def spoken(self) -> dict[Message, list[tuple[str, int]]]:
        """Every message, one that has a plural as a pair, and where it is said."""
        found: dict[Message, list[tuple[str, int]]] = {}
        for pattern, kind, marks in self.files:
            hits = extract_from_dir(
                str(self.folder),
                [(pattern, kind)],
                {pattern: TRIMMED} if kind == "jinja2" else {},
                keywords=marks,
            )
            for file, line, message, _, _ in hits:
                found.setdefault(message, []).append((file, line))
        return found

    def path(self, language: str) -> Path:
        return self.catalogues / f"{language}.po"

    def read(self, language: str) -> Catalog:
        with self.path(language).open("rb") as text:
            return read_po(text, locale=language)

    def update(self, language: str) -> list[Message]:
        """Bring the catalogue in step with what is said; gives back what it does not say yet."""
        before, path = self.read(language), self.path(language)
        after, missing = Catalog(locale=language), []
        for message in self.spoken():
            known = before.get(message)
            after.add(message, known.string if known else None)
            if known is None or not all(strings(known.string)):
                missing.append(message)
        head = path.read_bytes().partition(b"\n\n")[0]
        body = BytesIO()
        write_po(body, after, width=0, sort_output=True, no_location=True, omit_header=True)
        path.write_bytes(head + b"\n\n" + body.getvalue().strip() + b"\n")
        return missing


def strings(translated: object) -> tuple[str, ...]:
    return translated if isinstance(translated, tuple) else (str(translated or ""),)


HOUSE = Path(foyer.__file__).parent
SHOP = Speaker(
    "the pages of a shop",
    HOUSE,
    (
        *(
            (f"web/templates/{name}", "jinja2", PAGES)
            for name in ("base.html", "_ui.html", "landing.html", "shop/**.html")
        ),
        ("web/**.py", "python", PAGES),
        ("domains/**.py", "python", REFUSALS),
        ("kernel/**.py", "python", REFUSALS),
        ("infra/**.py", "python", REFUSALS),
    ),
    words.CATALOGUES,
)
"""Refusals of domains among them: a shop shows these too."""
LETTERS = Path(documents.__file__).parent
MAILS = Speaker(
    "mails",
    LETTERS,
    (("templates/**.jinja", "jinja2", PAGES), ("words.py", "python", PAGES)),
    LETTERS / "locale",
)
SPEAKERS = (SHOP, MAILS)
OTHERS = [language for language in LANGUAGES if language != "en"]
