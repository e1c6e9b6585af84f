"""The short way to a regular address says just what the long one says."""

import string

import email_validator
from hypothesis import example, given
from hypothesis import strategies as st

from foyer.kernel.text import email_address

NAMES = st.text(string.ascii_letters + string.digits + "._+-'ß \u200b", min_size=1, max_size=70)
LABELS = st.text(string.ascii_letters + string.digits + "-_ü", min_size=1, max_size=64)
DOMAINS = st.lists(LABELS, min_size=1, max_size=4).map(".".join)


def outcome(regular, text):
    try:
        return regular(text)
    except ValueError:
        return None


def at_length(text):
    """What the library says, after what we refuse before it."""
    if len(text.split()) > 1 or "\u200b" in text or "." not in text.rpartition("@")[2]:
        return None
    found = email_validator.validate_email(text, check_deliverability=False, test_environment=True)
    return found.normalized


@given(NAMES, DOMAINS)
@example("a" * 64, "example.org")
@example("a" * 65, "example.org")
@example("info", "EXAMPLE.org")
@example("Info", "example.org")
@example("a", "x" * 63 + "." + "y" * 63 + "." + "z" * 63 + "." + "w" * 61)
@example("a" * 60, "ü" * 40 + "." + "ü" * 40 + "." + "ü" * 40 + ".de")
def test_regular_address_is_the_librarys(name, domain):
    text = f"{name}@{domain}"

    if text == text.strip():
        assert outcome(email_address, text) == outcome(at_length, text)
