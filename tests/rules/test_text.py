"""What people type: tidied, and refused with a sentence."""

import pytest

from foyer.kernel.text import (
    RESERVED_SLUGS,
    email_address,
    email_key,
    is_slug,
    is_web_url,
    slug_of,
    tidy,
    tidy_line,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a  ", "a"),
        ("a\nb", "a\nb"),
        ("a\x00b\x1bc\x7f", "abc"),
        ("e\u0301", "\xe9"),
        ("\ud800a", "a"),
        (" \n\t ", ""),
    ],
)
def test_text_is_trimmed_composed_and_without_control_characters(typed, kept):
    assert tidy(typed) == kept


@pytest.mark.parametrize(("typed", "kept"), [("a\n b\t\tc", "a b c"), ("\u00a0a\u2003b", "a b"), ("", "")])
def test_line_is_one_line(typed, kept):
    assert tidy_line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("jo@example.org", "jo@example.org"),
        ("  Jo@EXAMPLE.org ", "Jo@example.org"),
        ("jo+tag@sub.example.co.uk", "jo+tag@sub.example.co.uk"),
        ("j\xf6@ex\xe4mple.de", "j\xf6@ex\xe4mple.de"),
    ],
)
def test_address_is_taken_in_its_regular_form(typed, kept):
    assert email_address(typed) == kept


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "is needed here"),
        (" \u00a0", "is needed here"),
        ("jo", "has an @"),
        ("@example.org", "has an @"),
        ("jo@example", "no ending"),
        ("jo@", ""),
        ("jo@@example.org", ""),
        ("jo@example..org", ""),
        ("jo smith@example.org", "no spaces, line breaks"),
        ("jo@exam ple.org", "no spaces, line breaks"),
        ("jo@example.org\nbcc: x@example.org", "no spaces, line breaks"),
        ("jo@example.org, x@example.org", "no spaces, line breaks"),
        ("jo@[127.0.0.1]", ""),
        ("a" * 300 + "@example.org", "too long"),
        ("jo\u2028@example.org", "no spaces, line breaks"),
        ("jo\x00@example.org", "no spaces, line breaks"),
    ],
)
def test_odd_address_is_refused_with_a_sentence(typed, says):
    with pytest.raises(ValueError) as refusal:
        email_address(typed)

    assert says in str(refusal.value)
    assert str(refusal.value).endswith(".")
    assert "U+" not in str(refusal.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jo@Example.org", "jo@example.ORG"),
        ("JO\xcb@example.org", "joe\u0308@example.org"),
        ("jo@F\xdcR.example", "jo@fu\u0308r.example"),
    ],
)
def test_two_spellings_are_one_customer(one, other):
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jo@fu\xdfball.example", "jo@fussball.example"),
        ("jo@\u03c3\u03b1\u03c2.example", "jo@\u03c3\u03b1\u03c3.example"),
        ("gro\xdf@example.org", "gross@example.org"),
        ("\u017fam@example.org", "sam@example.org"),
        ("\uff4ao@example.org", "jo@example.org"),
    ],
)
def test_two_mailboxes_are_never_one_customer(one, other):
    """What is sent to one would tell of the other's orders, with the links that open them."""
    assert email_key(one) != email_key(other)


@pytest.mark.parametrize("text", ["a", "9", "a-b", "a" * 63, "summer-2027"])
def test_slug(text):
    assert is_slug(text)


@pytest.mark.parametrize(
    "text",
    ["", "-a", "a-", "A", "a b", "a_b", "\xe4", "a" * 64, "a\n", "a/b", "a.b", *sorted(RESERVED_SLUGS)[:5]],
)
def test_no_slug(text):
    assert not is_slug(text)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Nordlicht 2027", "nordlicht-2027"),
        ("  Über den Wolken!  ", "uber-den-wolken"),
        ("\U0001f389\U0001f389", "fallback"),
        ("", "fallback"),
        ("---", "fallback"),
    ],
)
def test_slug_of_a_title(title, slug):
    assert slug_of(title, "fallback") == slug


@pytest.mark.parametrize("title", ["x" * 200, "\u5317\u4eac" * 60, "a-" * 80, "\xdf" * 70])
def test_slug_of_a_long_title_is_a_slug(title):
    found = slug_of(title, "fallback")

    assert len(found) <= 60
    assert is_slug(found)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org:8080/a?b=c#d",
        "https://b\xfccher.example/",
        "HTTPS://example.org",
    ],
)
def test_web_address(url):
    assert is_web_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "ftp://example.org", "javascript:alert(1)", "data:text/html,x", "//example.org", "https://",
        "https:///path", "https://user:secret@example.org", "https://exa mple.org", "https://example.org/\n", "http://[::1",
        "https://example.org/" + "a" * 2000, "https://example.org/\x00",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(url):
    assert not is_web_url(url)
