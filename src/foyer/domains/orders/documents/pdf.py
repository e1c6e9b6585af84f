"""Invoices and credit notes as PDF: what was frozen when they were issued, set when somebody looks at them first."""

from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from babel import Locale
from babel.dates import format_date

from foyer.domains.orders.documents.kept import find_invoice
from foyer.domains.orders.documents.words import REASONS, WORDS
from foyer.domains.orders.types import InvoiceDocument, InvoiceKind, InvoiceLine, Party
from foyer.domains.organizations.types import DEFAULT_PRIMARY, DEFAULT_SECONDARY
from foyer.infra.press import Workshop
from foyer.infra.press.content import breakable, lines, pixels
from foyer.infra.press.paper import colors, letterhead
from foyer.kernel.money import show, taxed

TEMPLATE: Final = (Path(__file__).resolve().parent / "invoice.typ").read_text(encoding="utf-8")
NAME_MAX: Final = 160
INSTRUCTIONS_MAX: Final = 800
_DAY: Final = {"en": "d MMM y", "de": "d. MMMM y"}


async def invoice_pdf(
    workshop: Workshop, organization_id: UUID, invoice_id: UUID, *, language: str = "en"
) -> bytes:
    """An invoice or credit note as PDF/A. Who asks has shown before that they may see its order.

    Raises:
        NotFound: there is no such one.
        DocumentTooLarge, Busy: as `Press.pdf`.
    """
    async with workshop.database.read(organization_id) as tx:
        invoice, document = await find_invoice(tx, invoice_id)
    logo = await pixels(workshop.files, document.logo)
    data = shown(document, language if language in WORDS else "en", logo)
    dated = datetime.combine(document.issued_on, time(12), UTC)

    async def make() -> bytes:
        return await workshop.press.pdf(TEMPLATE, data, dated=dated)

    return await workshop.made(
        organization_id, invoice.order_id, [TEMPLATE, workshop.press.house, data], make
    )


def shown(document: InvoiceDocument, language: str, logo: list[int] | None) -> dict[str, Any]:
    """What the template is given, with every amount and day written out."""
    words = WORDS[language]
    money = partial(show, currency=document.currency, locale=language)
    why = REASONS[language].get(document.reason or "", document.reason)
    seller, is_credit = document.seller, document.kind is InvoiceKind.CREDIT_NOTE
    facts = [
        (words["number"], document.number),
        (words["date"], _day(document.issued_on, language)),
        (words["order"], _spoken(document.order_number)),
        (words["refers"], document.refers_to),
        (words["paid"], document.paid_on and _day(document.paid_on, language)),
        (words["due"], document.due_on and _day(document.due_on, language)),
    ]
    totals = [(words["subtotal"], money(document.subtotal))]
    if document.discount_amount:
        name = " ".join(part for part in (words["discount"], document.discount_code) if part)
        totals.append((breakable(name, 60), money(-document.discount_amount)))
    if document.fees:
        totals.append((words["fees"], money(document.fees)))
    taxes = [
        (
            words["included" if tax.included else "added"].format(
                tax=taxed(tax.name, tax.rate_bps, language), base=money(tax.base)
            ),
            money(tax.amount),
            tax.included,
        )
        for tax in document.tax_lines
    ]
    totals += [(breakable(text, 90), amount) for text, amount, is_included in taxes if not is_included]
    notes = [[breakable(text, 90), amount] for text, amount, is_included in taxes if is_included]
    if document.returned_before:
        notes += [
            [words["before"], money(document.returned_before)],
            [words["now"], money(document.total - document.returned_before)],
        ]
    return {
        "lang": language,
        "words": words,
        "colors": colors(
            document.primary_color or DEFAULT_PRIMARY, document.secondary_color or DEFAULT_SECONDARY
        ),
        "seller": {
            **letterhead(breakable(seller.name, 100), seller.email, seller.phone, None, logo),
            "address": _address(seller, language),
            "taxNumber": breakable(seller.tax_number, 60) or None,
        },
        "buyer": _buyer(document.buyer, language),
        "title": words[document.kind.value],
        "number": document.number,
        "facts": [[name, value] for name, value in facts if value],
        "event": f"{breakable(document.event_title, NAME_MAX)}, {_day(document.event_date, language)}",
        "lines": [_line(line, language, money) for line in document.lines],
        "totals": [list(one) for one in totals],
        "notes": notes,
        "total": [words["credit" if is_credit else "total"], money(document.total)],
        "pay": lines(document.payment_instructions, INSTRUCTIONS_MAX) if document.due_on else [],
        "quote": words["pay_by"].format(number=_spoken(document.order_number)) if document.due_on else None,
        "thanks": words["thanks"] if document.paid_on else None,
        "reason": breakable(why, 200) or None,
    }


def _spoken(order_number: str) -> str:
    """The number of an order as its page, its mails and the office write it: what a buyer is asked to quote is found there."""
    return f"{order_number[:4]}-{order_number[4:]}"


def _buyer(buyer: Party, language: str) -> dict[str, Any]:
    return {
        "name": breakable(buyer.name, 120),
        "address": _address(buyer, language),
        "email": breakable(buyer.email, 120) if buyer.email != buyer.name else None,
    }


def _address(party: Party, language: str) -> list[str]:
    """An address with its country, which is kept in English, in the language of the paper."""
    country = Locale.parse(language).territories.get(party.country or "")
    told = [*party.address[:-1], country] if country else party.address
    return [breakable(line, 100) for line in told]


def _line(line: InvoiceLine, language: str, money: Any) -> dict[str, str]:
    """One row: what one ticket costs, with the split under its name."""
    words = WORDS[language]
    split = [
        f"{words['discount']} {money(-line.unit_discount)}" if line.unit_discount else "",
        f"{words['fee']} {money(line.unit_fee)}" if line.unit_fee else "",
        f"{taxed(line.tax_name, line.tax_rate_bps, language)} {money(line.unit_tax)}"
        if line.tax_name and line.tax_rate_bps
        else "",
    ]
    told = " · ".join(part for part in split if part)
    return {
        "name": breakable(line.name, NAME_MAX),
        "split": breakable(f"{told} {words['each']}" if told else "", 200),
        "quantity": str(line.quantity),
        "price": money(line.unit_price),
        "amount": money(line.total),
    }


def _day(day: date, language: str) -> str:
    return str(format_date(day, _DAY[language], locale=language))
