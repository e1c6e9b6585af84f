"""What people type, made safe and regular."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

import email_validator
from slugify import slugify

from foyer.kernel.errors import Unfit
from foyer.kernel.language import restated, said

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)

RESERVED_SLUGS = frozenset({
    "about", "account", "admin", "api", "app", "assets", "auth", "callbacks", "cart", "carts", "check-in", "checkout",
    "confirm", "dev", "docs", "door", "events", "favicon-ico", "files", "health", "healthz", "help", "internal", "language", "livez",
    "login", "logout", "media", "metrics", "office", "orders", "password-reset", "platform", "plugins", "readyz",
    "robots-txt", "schema", "shop", "shops", "sign-in", "sign-out", "sign-up", "signin", "signout", "signup",
    "sitemap-xml", "static", "status", "support", "theme", "tickets", "well-known", "www",
})  # fmt: skip


def tidy(text: str) -> str:
    """Composed (NFC) and trimmed, without control, invisible and direction-changing characters; line breaks stay."""
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def tidy_line(text: str) -> str:
    """As `tidy`, on one line."""
    return " ".join(tidy(text).split())


_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)
_MARKS = re.compile("[\u0300-\u036f]")


def folded(text: str) -> str:
    """As somebody types who has another keyboard: small letters, no accents; words parted by single spaces."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", tidy_line(text).lower()))
    return plain.translate(_PLAIN_LETTERS)


def has_control_characters(text: str) -> bool:
    return _CONTROL.search(text) is not None


_PLAIN_NAME = re.compile(r"(?=.{1,64}$)[a-z0-9]+(?:[._+-][a-z0-9]+)*", re.ASCII)
"""The part before the @ as nearly everybody has it: as it is, it is in its regular form."""
UNSEEN = said("An email address has no spaces, line breaks or invisible characters in it.")


def email_address(text: str) -> str:
    """A deliverable-looking address in its regular form.

    Raises:
        Unfit: with the sentence that says what is wrong.
    """
    if len(text) > 254:
        raise Unfit(said("This address is too long to be one."))
    if not text.strip():
        raise Unfit(said("An email address is needed here, like jo@example.org."))
    if has_control_characters(text.strip()) or len(text.split()) > 1:
        raise Unfit(UNSEEN)
    name, _, domain = text.strip().rpartition("@")
    if not name:
        raise Unfit(said("An email address has an @ in it, like jo@example.org."))
    if domain and "." not in domain:
        raise Unfit(said("This address has no ending, like .com or .de."))
    try:
        if _PLAIN_NAME.fullmatch(name) and domain.isascii():
            return f"{name}@{_regular_domain(domain)}"
        return _regular_address(text.strip())
    except email_validator.EmailNotValidError as wrong:
        sentence = str(wrong)
        # The name of a character that nobody can see helps nobody to find it.
        odd = restated(sentence, "This is no email address that mail can be sent to.")
        raise Unfit(UNSEEN if "U+" in sentence else odd) from None


def _regular_address(address: str) -> str:
    found = email_validator.validate_email(address, check_deliverability=False, test_environment=True)
    return found.normalized


@lru_cache(maxsize=4096)
def _regular_domain(domain: str) -> str:
    """A domain in its regular form. A crowd of buyers has few of them, and to look at one takes longer than to place an order."""
    return _regular_address(f"a@{domain}").removeprefix("a@")


def email_key(address: str) -> str:
    """By which two spellings of an address are the same one: capitals and how a letter is composed, and nothing else.

    Folding more would give one mailbox what belongs to another: fußball.example and fussball.example are two domains.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", address).lower())


def is_web_url(text: str) -> bool:
    """Whether this is an http or https address a browser can open, without a password in it."""
    if len(text) > 2000 or has_control_characters(text) or any(letter.isspace() for letter in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def slug_of(title: str, fallback: str) -> str:
    """A URL-safe name made of a title, at most 60 characters; the fallback where nothing is left of it."""
    return slugify(title, max_length=60) or fallback


def is_slug(text: str) -> bool:
    """Whether something can be an address: neither a reserved word nor what reads as an id."""
    return SLUG.fullmatch(text) is not None and text not in RESERVED_SLUGS and not _ID.fullmatch(text)
