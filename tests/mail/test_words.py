"""Mails as they are read: both languages whole, and nothing that was typed is ever run, expanded or taken for markup."""

import time
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from foyer.domains.notifications.documents import Row, TicketLine, render
from foyer.domains.notifications.types import MailKind
from foyer.infra.mail import Letter, Refused, encoded, wire_address
from foyer.infra.mail.letter import sender_address
from foyer.kernel.language import LANGUAGES, preferred
from tests.support.letters import EVENT, ORDER, SHOP, START, page_of

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</mj-text></mj-column><mj-raw><b>x</b></mj-raw>",
    '"><a href="javascript:alert(1)">x</a>', "<!-- --><mj-include path='/etc/passwd'/>", "&lt;b&gt; &amp;amp;", "]]><x>",
    "{{ 7 * 7 }}", "{% raw %}", "{event.__init__.__globals__}", "%(shop)s %s %d %%", "${7*7}", "#{7*7}",
    "{{ page.shop.email }}", "Ω\r\nBcc: eve@example.org\r\n\r\nbody", "a\nTo: eve@example.org", "a\x00\x0b\x1c\u2028b",
    "=?utf-8?q?Bcc:_eve@example.org?=", "\u202eevil", "x" * 400, "'; DROP TABLE orders; --", "<style>*{display:none}</style>",
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_is_drawn_in_every_language(language):
    for kind in MailKind:
        mail = render(kind, page_of(kind), language=language)

        assert mail.subject
        assert "\n" not in mail.subject
        assert "{" not in mail.subject + mail.text
        assert max(len(line) for line in mail.text.splitlines() if "://" not in line) <= 78, kind
        assert 'name="color-scheme"' in mail.html
        assert f'lang="{language}"' in mail.html
        assert SHOP.name in mail.text
        seen = read_page(mail.html)
        assert all(href.startswith("https://tickets.example.org/") for href in seen.hrefs), kind
        assert not {"link", "script", "img", "iframe"} & set(seen.tags)


def test_languages_differ_in_every_subject():
    same = [
        kind
        for kind in MailKind
        if render(kind, page_of(kind), language="en").subject
        == render(kind, page_of(kind), language="de").subject
    ]

    assert same == []


def test_drawing_takes_less_than_ten_milliseconds():
    page = page_of(MailKind.ORDER_CONFIRMED)
    render(MailKind.ORDER_CONFIRMED, page, language="en")
    times = []
    for _ in range(20):
        start = time.thread_time()
        render(MailKind.ORDER_CONFIRMED, page, language="en")
        times.append(time.thread_time() - start)

    assert min(times) < 0.010


class Seen(HTMLParser):
    """Elements and addresses of a page as a mail program reads them."""

    def __init__(self):
        super().__init__()
        self.tags, self.hrefs, self.words = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs), attrs
        self.hrefs += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data):
        self.words.append(data)


def read_page(html):
    seen = Seen()
    seen.feed(html)
    return seen


def hostile_page(kind, text):
    order = replace(
        ORDER,
        items=[replace(line, name=text) for line in ORDER.items],
        customer=replace(ORDER.customer, first_name=text, last_name=text),
        discount_code=text,
        tax_lines=[replace(ORDER.tax_lines[0], name=text)],
    )
    return page_of(
        kind,
        shop=replace(SHOP, name=text, refund_policy=text),
        event=replace(EVENT, title=text, venue_name=text, address=text, city=text),
        order=order,
        tickets=(TicketLine(text, text, "K4XW9MTQ2RDH7ZPC"),),
        reason=text, person=text, buyer=text, instructions=text,
        rows=(Row(text, text, "9FTC40WN", "https://tickets.example.org/1"),),
    )  # fmt: skip


def test_what_was_typed_is_shown_and_never_read():
    for kind in MailKind:
        tame = read_page(render(kind, hostile_page(kind, "tame"), language="en").html)
        for text in HOSTILE:
            mail = render(kind, hostile_page(kind, text), language="en")
            seen = read_page(mail.html)

            assert seen.tags == tame.tags, (kind, text)
            assert seen.hrefs == tame.hrefs, (kind, text)
            assert "49" not in mail.subject
            assert "\n" not in mail.subject
            if text.startswith(("{", "%", "$", "#")):
                assert text in "".join(seen.words), (kind, text)
                assert text in mail.text, (kind, text)


def letter(**changes):
    values = {
        "message_id": "<0123456789abcdef0123456789abcdef@example.org>", "at": START, "to": "jo@example.org",
        "from_name": "Nordlicht", "reply_to": "desk@example.org", "subject": "Hello", "text": "Hi\n", "html": "<p>Hi</p>",
        "language": "en",
    }  # fmt: skip
    return Letter(**{**values, **changes})


def test_headers_are_those_of_a_tame_letter_whatever_was_typed():
    tame = encoded(letter(), sender="tickets@example.org").keys()
    for text in HOSTILE:
        raw = encoded(letter(from_name=text, subject=text), sender="tickets@example.org").as_bytes()
        message = message_from_bytes(raw, policy=default)

        assert message.keys() == tame, text
        assert str(message["To"]) == "jo@example.org"
        assert [one.addr_spec for one in message["From"].addresses] == ["tickets@example.org"]
        assert "\n" not in str(message["Subject"])
        assert len(raw.partition(b"\r\n\r\n")[0]) < 3_000


@pytest.mark.parametrize(
    "text",
    [
        "jo@x",
        "a b@c.de",
        "jo@example.org>, <eve@example.org",
        "jo@exam\nple.org",
        "@example.org",
        "jo",
        "",
        "jo@[1.2.3.4]",
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(Refused):
        wire_address(text)


def test_domain_with_umlauts_goes_out_in_ascii():
    assert wire_address("jo@münchen.de") == "jo@xn--mnchen-3ya.de"
    assert wire_address("jö@example.org") == "jö@example.org"
    assert sender_address("tickets@fu\xdfball.example") == "tickets@xn--fuball-cta.example"
    assert sender_address("tickets@box.local") == "tickets@box.local"


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("de", "de"), ("de-AT,de;q=0.9,en;q=0.8", "de"), ("en-GB,en;q=0.9,de;q=0.5", "en"), ("fr,de;q=0.3,en;q=0.2", "de"),
        ("fr", None), ("", None), (None, None), ("de;q=0", None), ("en;q=x,de;q=0.1", "de"), ("*;q=0.5", None),
        ("de;q=2, en;q=0.1", "en"), ("," * 9_000 + "de", None),
    ],
)  # fmt: skip
def test_language_is_the_one_a_browser_likes_best(said, wanted):
    assert preferred(said) == wanted
