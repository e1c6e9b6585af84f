"""What stands on an invoice around its data."""

from typing import Final

WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "invoice": "Invoice", "credit_note": "Credit note", "number": "Number", "date": "Date", "order": "Order", "for": "For",
        "event": "Event", "due": "Pay by", "paid": "Paid on", "refers": "Takes back from", "item": "Item", "quantity": "Quantity",
        "price": "Price", "fee": "Fee", "discount": "Discount", "tax": "Tax", "amount": "Amount", "subtotal": "Subtotal",
        "fees": "Service fees", "total": "Total", "credit": "Credited", "included": "{tax} in it, of {base}", "added": "{tax} on {base}",
        "pay": "How to pay", "pay_by": "Please quote {number} with your payment.", "taxid": "Tax number", "reason": "Reason",
        "thanks": "This invoice is paid.", "each": "each", "before": "of it given back before", "now": "given back with this note",
    },
    "de": {
        "invoice": "Rechnung", "credit_note": "Gutschrift", "number": "Nummer", "date": "Datum", "order": "Bestellung", "for": "An",
        "event": "Veranstaltung", "due": "Zahlbar bis", "paid": "Bezahlt am", "refers": "Zu Rechnung", "item": "Position",
        "quantity": "Menge", "price": "Preis", "fee": "Gebühr", "discount": "Rabatt", "tax": "Steuer", "amount": "Betrag",
        "subtotal": "Zwischensumme", "fees": "Servicegebühren", "total": "Gesamtbetrag", "credit": "Gutgeschrieben",
        "included": "darin {tax} aus {base}", "added": "{tax} auf {base}", "pay": "Bezahlung",
        "pay_by": "Bitte geben Sie bei der Zahlung {number} an.", "taxid": "Steuernummer", "reason": "Grund",
        "thanks": "Diese Rechnung ist bezahlt.", "each": "je", "before": "davon bereits erstattet", "now": "mit dieser Gutschrift erstattet",
    },
}  # fmt: skip

REASONS: Final[dict[str, dict[str, str]]] = {
    "en": {},
    "de": {
        "The event was cancelled.": "Die Veranstaltung wurde abgesagt.",
        "The event is cancelled, so nothing is confirmed any more.": "Die Veranstaltung ist abgesagt. Bestellungen werden nicht mehr bestätigt.",
        "The event is over, so nobody could use the tickets.": "Die Veranstaltung ist vorbei; die Tickets wären nicht mehr nutzbar.",
        "The order was cancelled; it cannot come back.": "Die Bestellung wurde storniert und lässt sich nicht wiederherstellen.",
        "The places of this order have gone to somebody else.": "Die Plätze dieser Bestellung sind inzwischen vergeben.",
    },
}  # fmt: skip
"""Why money goes back where nobody of the staff has written a reason: kept in English, told in the language of the note."""
