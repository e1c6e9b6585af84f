"""Documents: what people typed stays data, nothing is read or fetched, and nothing takes too long or too much."""

import asyncio
import inspect
import io
import re
import sys
import time
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image
from pypdf import PdfReader

from foyer.domains.checkout.desk import settle
from foyer.domains.checkout.desk.record import CALLED_OFF
from foyer.domains.orders.documents import pdf as invoices
from foyer.domains.orders.types import InvoiceDocument, InvoiceKind, InvoiceLine, Party
from foyer.domains.tickets.documents import pdf as tickets
from foyer.domains.tickets.documents.words import LANGUAGES, WORDS
from foyer.infra.press import DocumentTooLarge, Press, press
from foyer.infra.press.content import breakable, lines
from foyer.infra.press.paper import colors, letterhead

TOKEN = "T1." + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 4 + "ABCDEFGHIJKLMNO"
DATED = datetime(2027, 1, 1, tzinfo=UTC)
HOSTILE = {
    "reads a file": '#read("/etc/passwd") #image("/etc/passwd") #include "/etc/passwd" #json("secret")',
    "fetches a package": '#import "@preview/cetz:0.3.0": canvas',
    "runs code": '#{while true {}} #sys.inputs #eval("1") \\input{/etc/passwd} <script>alert(1)</script>',
    "closes a string": '"); #panic("x") // */ ]]]}}} $ $$ ` ``` _x_ *y* = z',
    "escapes": '\\u{41} \\n \\" &amp; &#65; %00 ${7*7} {{7*7}} {event.__init__}',
    "long word": "x" * 5_000,
    "long text": "word " * 2_000,
    "right to left": "مهرجان النور الشمالي שלום",
    "far east": "北国の光 東京 简体中文 한국어",
    "not in our fonts": "🎉👩‍👩‍👧 ᚠᛇᚻ \U00020bb7 ไทย a\u0301\u0302\u0303",
    "noncharacters": "\ufffe \uffff \ue000 \u00ad\u2028",
    "empty": "",
}  # fmt: skip


def ticket_data(text: str, language: str = "en", count: int = 1) -> dict:
    seen = breakable(text)
    return {
        "lang": language, "words": WORDS[language], "colors": colors("#24307c", "#e5482b"),
        "seller": letterhead(seen, "desk@example.org", seen, "https://example.org", None),
        "event": {"title": seen, "when": "Thu 14 Oct 2027", "times": seen, "venue": seen, "below": seen, "online": False},
        "order": {"number": "9FTC 40WN", "refunds": lines(text, 420)},
        "tickets": [{"place": "Ticket 1 of 3", "holder": seen, "type": seen, "code": "K4XW 9MTQ 2RDH 7ZPC",
                     "qr": tickets.qr_svg(TOKEN)}] * count,
    }  # fmt: skip


SETTLED_TOO_LATE = re.findall(r'said\("([^"]+)"\)', inspect.getsource(sys.modules[settle.__module__]))
"""Why a payment that came too late goes back."""


def invoice_of(text: str) -> InvoiceDocument:
    party = Party(name=text, address=[text, text], email="jo@example.org", phone=text, tax_number=text)
    line = InvoiceLine(
        order_item_id=uuid4(), name=text, quantity=2, unit_price=1_000, unit_discount=10, unit_fee=50, unit_tax=190, tax_name=text,
        tax_rate_bps=1_900, tax_included=False, total=2_460,
    )  # fmt: skip
    return InvoiceDocument(
        kind=InvoiceKind.INVOICE, number="INV-2027-000001", issued_on=date(2027, 1, 1), order_number="9FTC40WN",
        ordered_on=date(2027, 1, 1), event_title=text, event_date=date(2027, 2, 1), seller=party, buyer=party, lines=[line],
        subtotal=2_000, discount_amount=20, discount_code=text, fees=100, taxes=380, tax_lines=[], total=2_460, currency="EUR",
        payment_method="manual", due_on=date(2027, 1, 8), payment_instructions=text, reason=text,
    )  # fmt: skip


PLAIN = {"lang": "en", "colors": {"ink": "#000000"}}


@pytest.fixture(scope="module")
def machine() -> Press:
    return Press()


@pytest.mark.parametrize("name", HOSTILE)
async def test_text_of_people_is_shown_and_nothing_else(machine, name):
    text = HOSTILE[name]
    made = [
        await machine.pdf(tickets.TEMPLATE, ticket_data(text), dated=DATED),
        await machine.pdf(invoices.TEMPLATE, invoices.shown(invoice_of(text), "en", None), dated=DATED),
    ]
    for content in made:
        said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        assert "root:" not in said
        assert len(content) < 1_000_000
        if name in {"reads a file", "fetches a package"}:
            assert "".join(text.split())[:20] in "".join(said.split()).replace("\u200b", "")


def test_invoice_asks_for_the_reference_that_the_order_page_shows():
    made = invoices.shown(invoice_of("Jo"), "en", None)
    assert made["quote"] == "Please quote 9FTC-40WN with your payment."


@pytest.mark.parametrize(
    ("kept", "code", "printed"),
    [("Germany", "DE", "Deutschland"), ("Georgia", "GE", "Georgien"), ("Georgia", None, "Georgia"), ("Singapore", None, "Singapore")],
)  # fmt: skip
def test_country_is_printed_in_the_language_of_the_paper_and_a_place_of_its_name_as_it_is(
    kept, code, printed
):
    party = Party(name="Jo", address=["Zwirnweg 1", "Germany", kept], email="jo@example.org", country=code)
    paper = replace(invoice_of("Jo"), seller=party, buyer=party)
    for language, last in (("en", kept), ("de", printed)):
        made = invoices.shown(paper, language, None)
        assert made["seller"]["address"] == made["buyer"]["address"] == ["Zwirnweg 1", "Germany", last]


def test_reason_of_the_house_stands_on_a_note_in_its_language_and_one_of_staff_as_it_was_typed():
    late = [invoices.shown(invoice_of(why), "de", None)["reason"] for why in SETTLED_TOO_LATE]
    called_off = invoices.shown(invoice_of(CALLED_OFF), "de", None)
    typed = invoices.shown(invoice_of("Rained off."), "de", None)

    assert called_off["reason"] == "Die Veranstaltung wurde abgesagt."
    assert typed["reason"] == "Rained off."
    assert len(late) == 4
    assert not set(late) & set(SETTLED_TOO_LATE)
    assert invoices.shown(invoice_of(CALLED_OFF), "en", None)["reason"] == CALLED_OFF


@pytest.mark.parametrize("language", LANGUAGES)
async def test_ticket_is_one_page_of_pdf_a_with_its_fonts_in_it_and_always_the_same(machine, language):
    data = ticket_data("Lucía Ferrer Mas", language, count=3)
    one, again = [await machine.pdf(tickets.TEMPLATE, data, dated=DATED) for _ in range(2)]

    assert one == again
    read = PdfReader(io.BytesIO(one))
    assert len(read.pages) == 3
    assert read.metadata is not None
    assert read.metadata.title == "Tickets: Lucía Ferrer Mas"
    said = read.xmp_metadata.stream.get_data() if read.xmp_metadata else b""
    assert b"<pdfaid:part>2</pdfaid:part>" in said
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in said
    for page in read.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(inner)


async def test_door_reads_the_code_from_the_page(machine):
    (page,) = await machine.pictures(tickets.TEMPLATE, ticket_data("Jo"), ppi=110)

    with Image.open(io.BytesIO(page)) as image:
        assert [found.text for found in zxingcpp.read_barcodes(image)] == [TOKEN]


async def test_endless_template_is_stopped_and_the_loop_goes_on(machine, monkeypatch):
    monkeypatch.setattr(press, "SECONDS_MAX", 1)
    beats, began = 0, time.perf_counter()

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.01)
            beats += 1

    heart = asyncio.create_task(beat())
    with pytest.raises(DocumentTooLarge):
        await machine.pdf(
            "#for a in range(9999) { for b in range(9999) { let _ = calc.sqrt(b) } }",
            PLAIN,
            dated=DATED,
        )
    heart.cancel()

    assert time.perf_counter() - began < 5
    assert beats > 20


async def test_greedy_template_gets_no_more_memory_than_there_is_for_one(machine):
    with pytest.raises(DocumentTooLarge):
        await machine.pdf('#{ let a = "x" * 100000000; let b = a * 10; b.len() }', PLAIN, dated=DATED)


@pytest.mark.parametrize(
    "reach",
    [
        '#read("/etc/passwd")',
        '#read("../press.py")',
        '#import "@preview/cetz:0.3.0": canvas',
        '#image("/etc/hosts")',
    ],
)
async def test_template_itself_reaches_nothing(machine, reach):
    assert await machine.pdf("Nothing is wrong here.", PLAIN, dated=DATED)
    with pytest.raises(DocumentTooLarge):
        await machine.pdf(reach, PLAIN, dated=DATED)
