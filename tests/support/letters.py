"""One page for each kind of mail, as a buyer or a member of staff could get it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from foyer.domains.carts.types import TaxLine
from foyer.domains.customers.types import Customer
from foyer.domains.events.types import EventPublic, EventStatus
from foyer.domains.notifications.documents import Choice, MailPage, Row, TicketLine, WalletLink
from foyer.domains.notifications.types import MailKind
from foyer.domains.orders.types import Order, OrderLine, OrderStatus, PaymentStatus
from foyer.domains.organizations.types import Shop

ID = UUID("0199d2a0-0000-7000-8000-000000000001")
START = datetime(2027, 6, 12, 17, 30, tzinfo=UTC)

SHOP = Shop(
    id=ID, slug="nordlicht", name="Nordlicht Festival", email="desk@nordlicht.example", phone=None, website=None, logo=None,
    primary_color="#58188f", secondary_color="#f6a31c", default_currency="EUR", service_fee_bps=500, service_fee_fixed=50,
    allow_guest_checkout=True, refund_policy="Full refund until 14 May. After that you can pass a ticket on.",
    privacy_policy_url=None, terms_of_service_url=None, language="en", reminds_of_carts=False,
)  # fmt: skip

EVENT = EventPublic(
    id=ID, slug="an-evening", title="Polarlicht: an evening under glass", description="", short_description=None,
    category="Music", start_date=date(2027, 6, 12), end_date=date(2027, 6, 12), start_time="19:30", end_time="23:00",
    time_zone="Europe/Berlin", starts_at=START, ends_at=START + timedelta(hours=3.5), location_type="physical",
    venue_name="Orangerie", address="Schlossgarten 4", city="Kiel", state=None, zip_code="24105", country="DE",
    featured_image=None, gallery_images=[], status=EventStatus.PUBLISHED, currency="EUR", sales_start_date=None,
    sales_end_date=None, seo_title=None, seo_description=None, tags=[],
)  # fmt: skip


def _line(name: str, quantity: int, price: int, fee: int) -> OrderLine:
    return OrderLine(
        id=ID, ticket_type_id=ID, type="ticket", name=name, quantity=quantity, unit_price=price, unit_discount=0,
        unit_fee=fee, unit_tax=0, tax_name=None, tax_rate_bps=None, tax_included=None, subtotal=price * quantity,
    )  # fmt: skip


ORDER = Order(
    id=ID, event_id=ID, cart_id=ID, order_number="9FTC40WN",
    customer=Customer(email="jo@example.org", first_name="Jo", last_name="Lindqvist"),
    items=[_line("Weekend pass", 2, 18_900, 945), _line("Camping", 1, 4_500, 275)],
    subtotal=42_300, discount_amount=3_780, fees=2_077, taxes=0,
    tax_lines=[TaxLine(name="VAT", rate_bps=1_900, base=34_115, amount=6_482, included=True)], total=40_597,
    currency="EUR", discount_id=ID, discount_code="EARLY10", status=OrderStatus.PENDING, payment_method="manual",
    payment_status=PaymentStatus.PENDING, refunded_amount=0, cancel_reason=None, approval=None,
    expires_at=START - timedelta(days=90), created_at=START - timedelta(days=97), updated_at=START - timedelta(days=97),
    generation=1, version=1,
)  # fmt: skip

WALLETS = (
    WalletLink("Apple Wallet", "https://tickets.example.org/nordlicht/tickets/1/apple-wallet?key=1"),
    WalletLink("Google Wallet", "https://tickets.example.org/nordlicht/tickets/1/google-wallet?key=1"),
)
TICKETS = (
    TicketLine("Weekend pass", "Jo Lindqvist", "K4XW9MTQ2RDH7ZPC", WALLETS),
    TicketLine("Weekend pass", "Lucía Ferrer Mas", "7B2NPEVJ5WYGQ3KA"),
    TicketLine("Camping", "Jo Lindqvist", "M3QA11XX0CVZ9RTD"),
)


def page_of(kind: MailKind, **changes: object) -> MailPage:
    """A page with everything that any kind can show."""
    refunded = kind is MailKind.ORDER_REFUNDED
    values: dict[str, object] = {
        "shop": SHOP, "home": "https://tickets.example.org/nordlicht", "event": EVENT, "tickets": TICKETS,
        "link": f"https://tickets.example.org/nordlicht/orders/{ID}?key=fyc_0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "event_link": "https://tickets.example.org/nordlicht/events/an-evening",
        "order": replace(ORDER, status=OrderStatus.PARTIAL_REFUND, refunded_amount=24_500) if refunded else ORDER,
        "until": START - timedelta(days=90), "zone": "Europe/Berlin", "amount": 19_845, "person": "Lucía Ferrer Mas",
        "reason": "We are full of brass players already; next year, please.", "instructions": "Nordlicht e. V.\nDE02 1203 0000 0000 2020 51",
        "buyer": "Jo Lindqvist, jo@example.org",
        "rows": (
            Row("Polarlicht: an evening under glass", "Sat 12 Jun 2027, 19:30", "9FTC40WN", "https://tickets.example.org/1"),
            Row("Matinée", "Sun 13 Jun 2027, 11:00", "2ZQC40WN", "https://tickets.example.org/2"),
        ),
        "chosen": (Choice("Weekend pass", "2"), Choice("Camping", "1")),
        "attached": frozenset({"tickets", "calendar", "invoice", "credit-note"}),
        "unsubscribe": "https://tickets.example.org/u" if kind is MailKind.CART_ABANDONED else None,
    }  # fmt: skip
    return MailPage(**{**values, **changes})  # type: ignore[arg-type]
