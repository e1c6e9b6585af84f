"""Where a sign-in leads on: 60 payloads, and none leaves the house."""

from urllib.parse import urljoin, urlsplit

import pytest

from foyer.web.shared.redirect import OFFICE, own_path

HOST = "https://tickets.example.org"
OWN = [
    "/office", "/office/", "/office/orders", "/office/orders?state=paid&q=a%20b", "/office/events/7/tickets?next=//evil.example",
    "/door", "/door/check-in?event=1", "/office?x=https://evil.example", "/office/search?q=%2F%2Fevil",
]  # fmt: skip
FOREIGN = [
    "", " ", "office", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "/\\/evil.example", "/%5cevil.example", "/%2f%2fevil.example", "http://evil.example", "https://evil.example", "HTTPS://evil.example",
    "https:evil.example", "https:/evil.example", "http:\\\\evil.example", "ftp://evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)", "data:text/html,<script>", "vbscript:x", "blob:https://evil.example/1", "file:///etc/passwd", "mailto:a@evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", "\x00//evil.example", " //evil.example", "\u00a0//evil.example",
    "//evil.example@tickets.example.org", "//tickets.example.org@evil.example", "https://tickets.example.org.evil.example", "//evil.example/office",
    "/office//evil.example", "/office/..//evil.example", "/office/../..//evil.example", "/office/%2e%2e//evil.example", "/office/%2e%2e/%2e%2e/x",
    "/office/./x", "/office\\evil.example", "/office/\\evil.example", "/office/%5c%5cevil.example", "/office/%2f%2fevil.example", "/office@evil.example",
    "/office.evil.example", "/officevil", "/office:80", "/office#//evil.example", "/office/\u2028x", "/office/\u3002x", "/\u2215\u2215evil.example",
    "/office/\uff0f\uff0fevil", "/office\r\nSet-Cookie: a=b", "/office%0d%0aSet-Cookie: a=b", "/office?x=\r\nLocation: //evil.example", "/sign-out",
    "/api/v1/events", "/nordlicht", "/office/" + "a" * 2_000, "/sign-in?next=//evil.example", "/Office", "?next=/office", "#/office", "../office",
]  # fmt: skip


@pytest.mark.parametrize("wanted", OWN)
def test_page_of_our_own_is_gone_back_to(wanted):
    assert own_path(wanted) == wanted


@pytest.mark.parametrize("wanted", [*FOREIGN, None])
def test_anything_doubtful_leads_to_the_office(wanted):
    assert own_path(wanted) == OFFICE


@pytest.mark.parametrize("wanted", [*OWN, *FOREIGN])
def test_browser_stays_on_our_host(wanted):
    landed = urlsplit(urljoin(f"{HOST}/sign-in", own_path(wanted)))

    assert (landed.scheme, landed.netloc) == ("https", "tickets.example.org")


def test_corpus_is_not_shortened():
    assert len(FOREIGN) >= 60
