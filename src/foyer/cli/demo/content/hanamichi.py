"""A conference about the stage, in yen, which has no smaller coin: nine types of passes and workshops."""

from datetime import date, timedelta

from foyer.cli.demo.content.shapes import (
    SATURDAY,
    THURSDAY,
    DemoArea,
    DemoEvent,
    DemoQuestion,
    DemoShop,
    Paper,
    Place,
    Sold,
    weekday,
)
from foyer.domains.events.types import (
    DiscountDraft,
    EventDraft,
    QuestionDraft,
    QuestionScope,
    QuestionType,
    TaxRateDraft,
    TicketTypeDraft,
)
from foyer.domains.organizations.types import OrganizationAddress, OrganizationDraft

TAX = "Consumption tax"


def hanamichi(today: date) -> DemoShop:
    place: Place = {"time_zone": "Asia/Tokyo", "city": "Tokyo", "country": "JP", "venue_name": "Hanamichi Hall",
                    "address": "3-14 Kagurazaka, Shinjuku", "zip_code": "162-0825"}  # fmt: skip
    organization = OrganizationDraft(
        name="Hanamichi Conference",
        slug="hanamichi",
        email="desk@hanamichi.example",
        website="https://hanamichi.example",
        default_currency="JPY",
        primary_color="#24307c",
        secondary_color="#e5482b",
        service_fee_bps=300,
        service_fee_fixed=80,
        refund_policy="Half of the price until 14 days before the conference; you can hand your pass on until the day before.",
    )
    return DemoShop(
        organization,
        "Kenji Mori",
        Paper(
            OrganizationAddress(
                line1="3-14 Kagurazaka, Shinjuku", city="Tokyo", postal_code="162-0825", country="JP"
            ),
            "T0000000000000",
            "Hanamichi Conference, Kagurazaka Bank, branch 000, account 0000000.",
        ),
        (_open_house(today, place), _conference(today, place), _lighting_night(today, place)),
        taxes=(TaxRateDraft(name=TAX, rate_percentage=10, inclusive=True, country="JP"),),
        codes=(DiscountDraft(code="EARLY15", percentage=15, max_uses=200, minimum_quantity=2),),
        people="east",
    )


def _open_house(today: date, place: Place) -> DemoEvent:
    day = weekday(today, 9, SATURDAY)
    return DemoEvent(
        EventDraft(
            title="Open house: stages that tell stories",
            short_description="Walk the stage, meet the makers, see how a scene turns.",
            description="<p>The turning stage turns all day. Look under it, ride on it, and ask the people who built "
            "it.</p>",
            category="Workshop", start_date=day, end_date=day, start_time="10:00", end_time="17:00",
            capacity=500, tags=["free", "family"], **place,
        ),
        (TicketTypeDraft(name="Visitor", description="Any time of the day", quantity=500, is_free=True),),
        sold=Sold(orders=50, days=18, types=(("Visitor", 1),)),
    )  # fmt: skip


def _conference(today: date, place: Place) -> DemoEvent:
    first = weekday(today, 60, THURSDAY)
    return DemoEvent(
        EventDraft(
            title=f"Hanamichi {first:%Y}: design for the stage",
            short_description="Three days on light, sound and the path through the audience.",
            description="<p>Three days of talks and workshops about what carries a performance into the room, for directors, "
            "designers and stage managers from thirty countries.</p><p>Talks are in Japanese and English, with interpreters for "
            "both. Workshops have few places, and they are taken early.</p>",
            category="Conference", start_date=first, end_date=first + timedelta(days=2), start_time="09:30",
            end_time="18:00", capacity=1_900, tags=["design", "theatre"], location_type="hybrid",
            virtual_event_url="https://stream.hanamichi.example/live", changes_close_hours=24, **place,
        ),
        (
            TicketTypeDraft(name="Full pass", description="All days, lunch included", quantity=400, price=38_000, max_per_order=6),
            TicketTypeDraft(name="Student pass", description="All days; bring your card", quantity=80, price=14_000,
                            max_per_order=1, sort_order=1),
            TicketTypeDraft(name="Thursday", description="Talks and lunch", quantity=120, price=16_000, sort_order=2),
            TicketTypeDraft(name="Friday", description="Talks and lunch", quantity=120, price=16_000, sort_order=3),
            TicketTypeDraft(name="Saturday", description="Talks and the open stage", quantity=120, price=12_000, sort_order=4),
            TicketTypeDraft(name="Workshop: Rakugo for directors", description="Friday, 14:00 to 17:00", quantity=24, price=6_500,
                            sort_order=5, max_per_order=2),
            TicketTypeDraft(name="Workshop: light without lamps", description="Saturday, 10:00 to 13:00", quantity=18,
                            price=6_500, sort_order=6, max_per_order=2),
            TicketTypeDraft(name="Evening reception", description="Friday, 19:00", quantity=150, price=5_500, sort_order=7),
            TicketTypeDraft(name="Livestream", description="All days, on your screen", quantity=1_000, price=4_800, max_per_order=1,
                            sort_order=8),
        ),
        tax=TAX,
        questions=_questions(),
        areas=(DemoArea("Hall", 520, ("Full pass", "Student pass", "Thursday", "Friday", "Saturday")),),
        sold=Sold(orders=90, days=40, most=3, code="EARLY15", types=(
            ("Full pass", 9), ("Student pass", 3), ("Thursday", 1), ("Friday", 2), ("Saturday", 2), ("Workshop: Rakugo for directors", 2),
            ("Workshop: light without lamps", 1), ("Evening reception", 2), ("Livestream", 5),
        )),
    )  # fmt: skip


def _questions() -> tuple[DemoQuestion, ...]:
    """What a conference wants to know: once for the order, and of everybody who eats there."""
    lunches = ["Fish", "Vegetarian", "Vegan", "No lunch"]
    crafts = ["Directing", "Set", "Light", "Sound", "Stage management"]
    return (
        DemoQuestion(
            QuestionDraft(label="Theatre or company, as it should stand on the badges"),
            ("Teatre Nou", "Kabuki Workshop", "Stadttheater", "", "", ""),
        ),
        DemoQuestion(
            QuestionDraft(label="Places for wheelchairs in the hall", type=QuestionType.NUMBER, sort_order=1),
            ("", "", "", "", "", "1"),
            types=("Full pass", "Student pass", "Thursday", "Friday", "Saturday"),
        ),
        DemoQuestion(
            QuestionDraft(label="We may be seen in the recordings", type=QuestionType.BOOLEAN, sort_order=2),
            (True, True, False),
        ),
        DemoQuestion(
            QuestionDraft(
                label="Lunch", scope=QuestionScope.TICKET, type=QuestionType.CHOICE, options=lunches,
                is_required=True, sort_order=3,
            ),
            ("Fish", "Vegetarian", "Vegetarian", "Vegan", "No lunch"),
            types=("Full pass", "Student pass", "Thursday", "Friday"),
        ),
        DemoQuestion(
            QuestionDraft(
                label="What do you work on?", scope=QuestionScope.TICKET, type=QuestionType.CHOICES, options=crafts,
                sort_order=4,
            ),
            (["Directing"], ["Light", "Sound"], ["Set", "Light"], ["Stage management"], []),
            types=("Full pass", "Student pass"),
        ),
    )  # fmt: skip


def _lighting_night(today: date, place: Place) -> DemoEvent:
    day = today - timedelta(days=15)
    return DemoEvent(
        EventDraft(
            title="A night of lighting desks",
            short_description="Six operators, one rig, ten minutes each.",
            description="<p>They have never seen the rig before, and neither have you.</p>",
            category="Performance", start_date=day, end_date=day, start_time="19:00", end_time="22:00", **place,
        ),
        (TicketTypeDraft(name="Seat", description="Anywhere", quantity=140, price=3_000),),
        tax=TAX,
        sold=Sold(orders=30, days=14, types=(("Seat", 1),), came=0.92),
    )  # fmt: skip
