"""One body for each shape that a request carries, by the shape's name: readers of the document copy them, tests send them."""

from typing import Any, Final

_EVENT: Final = "01890a5d-ac96-774b-bcce-b302099a8057"
_TYPE: Final = "01890a5d-ac96-774b-bcce-b302099a8058"
_ITEM: Final = "01890a5d-ac96-774b-bcce-b302099a8059"
_LINE: Final = {"ticketTypeId": _TYPE, "quantity": 2}

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "CheckInBody": {"eventId": _EVENT, "code": "K4XW 9MTQ 2RDH 7ZPC"},
    "ReserveBody": {"eventId": _EVENT, "items": [_LINE]},
    "ChangeBody": {"items": [{**_LINE, "quantity": 3}]},
    "CheckoutBody": {
        "customer": {"email": "jo@example.org", "firstName": "Jo", "lastName": "Buyer"},
        "paymentMethod": "free",
        "attendees": [{"ticketTypeId": _TYPE, "firstName": "Kim"}],
    },
    "EventDraft": {
        "title": "Open mic",
        "description": "<p>Bring a song.</p>",
        "category": "Music",
        "startDate": "2031-06-11",
        "endDate": "2031-06-11",
        "startTime": "19:30",
        "endTime": "23:00",
        "timeZone": "Europe/Berlin",
        "venueName": "Hall",
        "city": "Kiel",
        "country": "DE",
        "tags": ["songs"],
    },
    "EventPatch": {"title": "Open mic, second night", "city": None},
    "TicketTypeDraft": {"name": "Seat", "quantity": 40, "price": 1050, "maxPerOrder": 6},
    "TicketTypePatch": {"quantity": 60, "description": None},
    "AccessLinkDraft": {"name": "Press", "ticketTypeId": _TYPE, "expiresAt": "2031-06-01T00:00:00Z"},
    "QuestionDraft": {
        "label": "T-shirt size",
        "scope": "ticket",
        "type": "choice",
        "options": ["S", "M", "L"],
        "isRequired": True,
    },
    "QuestionPatch": {"options": ["S", "M", "L", "XL"]},
    "SharedPoolDraft": {"name": "Gallery", "capacity": 200},
    "SharedPoolPatch": {"capacity": 220},
    "TaxRateDraft": {"name": "VAT", "ratePercentage": 19, "inclusive": True, "country": "DE"},
    "TaxRatePatch": {"ratePercentage": 19.5},
    "DiscountDraft": {
        "code": "SUMMER",
        "percentage": 12.5,
        "minimumQuantity": 2,
        "maxUses": 100,
        "usesPerCustomer": 1,
        "startsAt": "2031-05-01T00:00:00Z",
        "endsAt": "2031-06-01T00:00:00Z",
    },
    "DiscountPatch": {"maxUses": 200, "endsAt": None},
    "SettingsPatch": {
        "refundPolicy": "Until 14 days before, in full.",
        "website": "https://example.org",
        "phone": None,
    },
    "OrderNotes": {"notes": "Sits with the Fabers."},
    "ApprovalBody": {"decision": "refuse", "reason": "The workshop is for members."},
    "RefundBody": {"items": [{"orderItemId": _ITEM, "quantity": 1}], "reason": "Ill"},
    "Attendee": {"firstName": "Kim", "lastName": "Faber", "email": "kim@example.org"},
    "GuestsBody": {"items": [{"ticketId": _ITEM, "firstName": "Kim", "lastName": "Faber"}]},
    "Receiver": {"email": "ida@example.org", "firstName": "Ida", "lastName": "Holm"},
    "CodeWanted": {"email": "jo@example.org"},
    "CodeTyped": {"email": "jo@example.org", "code": "4821 0937"},
    "ReminderWish": {"eventId": _EVENT, "ticketTypeId": _TYPE, "email": "jo@example.org"},
    "WaitingWish": {**_LINE, "eventId": _EVENT, "email": "jo@example.org"},
    "CustomerPatch": {"lastName": "Faber", "phone": None},
}
