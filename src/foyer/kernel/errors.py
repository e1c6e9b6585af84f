"""Everything that can go wrong in a way a caller can act on.

FoyerError
├── Invalid              422  invalid_field
│   ├── OverLimit             over_limit
│   ├── UnderMinimum          under_minimum
│   ├── CodeInvalid           code_invalid
│   └── IdempotencyMismatch   idempotency_mismatch
├── Malformed            400  malformed
├── Unauthenticated      401  unauthenticated
├── Forbidden            403  forbidden
├── NotFound             404  not_found
│   └── NoWallet              no_wallet
├── Conflict             409  state_conflict
│   ├── SoldOut               sold_out
│   ├── CodeExhausted         code_exhausted
│   └── NotOnSale             not_on_sale
├── CartExpired          410  cart_expired
├── PreconditionFailed   412  precondition_failed
└── Busy                 503  busy

Expected refusals are these; anything else that escapes is a defect and answers 500 `internal`.
"""

from dataclasses import dataclass
from secrets import randbelow
from typing import ClassVar, Final

from foyer.kernel.language import said

RETRY_SPREAD_SECONDS: Final = 3
KEY_TAKEN: Final = said("This Idempotency-Key was used for another request; take a new one.")
CROWDED: Final = said("Very many people are here at once; please try again in a moment.")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one field: the field as the caller wrote it, a stable code, a sentence."""

    field: str
    detail: str
    code: str = "invalid_field"


class Unfit(ValueError):
    """One value cannot be taken, in a sentence for whoever typed it; who looks at more of them makes a `Finding` of it."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class FoyerError(Exception):
    """A refusal with a stable code, an HTTP status and one sentence a person can act on."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[str] = said("Something went wrong")

    def __init__(self, detail: str, *, field: str | None = None, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.findings = findings

    @property
    def retry_after_seconds(self) -> int | None:
        return None

    def as_findings(self, general: str = "") -> tuple[Finding, ...]:
        """What is wrong, field by field; a refusal that names no field stands under `general`."""
        return self.findings or (Finding(self.field or general, self.detail, self.code),)


class Invalid(FoyerError):
    """A value cannot be taken."""

    status = 422
    code = "invalid_field"
    title = said("Please check what you sent")

    @classmethod
    def of(cls, findings: list[Finding]) -> "Invalid":
        """All findings of one form at once; the first one speaks for them. Needs at least one."""
        first = findings[0]
        return Invalid(first.detail, field=first.field, findings=tuple(findings))


class OverLimit(Invalid):
    """More than may be taken at once."""

    code = "over_limit"


class UnderMinimum(Invalid):
    """Fewer than must be taken at once."""

    code = "under_minimum"


class CodeInvalid(Invalid):
    """A discount code that is not known, or does not apply to what was chosen."""

    code = "code_invalid"


class IdempotencyMismatch(Invalid):
    """A key that was used for another request."""

    code = "idempotency_mismatch"

    def __init__(self, detail: str = KEY_TAKEN, *,
                 field: str = "Idempotency-Key") -> None:  # fmt: skip
        super().__init__(detail, field=field)


class Malformed(FoyerError):
    """The request cannot be read at all."""

    status = 400
    code = "malformed"
    title = said("The request cannot be read")


class Unauthenticated(FoyerError):
    """No credential, or one that is not known, or no longer."""

    status = 401
    code = "unauthenticated"
    title = said("Sign in first")


class Forbidden(FoyerError):
    """The credential is known and does not allow this."""

    status = 403
    code = "forbidden"
    title = said("Not allowed")


class NotFound(FoyerError):
    """It does not exist, or belongs to somebody else: the two answer the same."""

    status = 404
    code = "not_found"
    title = said("Not found")


class NoWallet(NotFound):
    """The ticket is not for this wallet: it opens no door, or the installation has no keys."""

    code = "no_wallet"
    title = said("Not for this wallet")


class Conflict(FoyerError):
    """The thing is not in a state that allows this."""

    status = 409
    code = "state_conflict"
    title = said("Not possible now")


class AddressUnconfirmed(Conflict):
    """No owner of the organization has proved an email address yet: until then nothing of it is published."""

    code = "address_unconfirmed"
    title = said("Confirm your address first")


class SoldOut(Conflict):
    """Fewer places are left than were asked for."""

    code = "sold_out"
    title = said("Not enough places left")


class CodeExhausted(Conflict):
    """A discount code that was used as often as it may be."""

    code = "code_exhausted"
    title = said("The code is used up")


class NotOnSale(Conflict):
    """The event or the ticket type cannot be bought now."""

    code = "not_on_sale"
    title = said("Not on sale")


class CartExpired(FoyerError):
    """The places went back on sale."""

    status = 410
    code = "cart_expired"
    title = said("The places went back on sale")


class PreconditionFailed(FoyerError):
    """Somebody else changed it in between."""

    status = 412
    code = "precondition_failed"
    title = said("Changed in between")


class RateLimited(FoyerError):
    """Somebody has tried too often; after a while they may again."""

    status = 429
    code = "rate_limited"
    title = said("Too many tries")

    def __init__(self, retry_after_seconds: int) -> None:
        minutes = -(-retry_after_seconds // 60)
        soon = said("That was tried too often. Please try again in a minute.")
        later = said("That was tried too often. Please try again in %(n)s minutes.", n=minutes)
        super().__init__(soon if minutes <= 1 else later)
        self._retry_after_seconds = retry_after_seconds

    @property
    def retry_after_seconds(self) -> int | None:
        return self._retry_after_seconds


class Busy(FoyerError):
    """Too much at once; the same request will work in a moment."""

    status = 503
    code = "busy"
    title = said("Very busy right now")

    def __init__(self, detail: str = CROWDED, *,
                 retry_after_seconds: int | None = None) -> None:  # fmt: skip
        super().__init__(detail)
        # Those who are sent away together must not come back together.
        self._retry_after_seconds = retry_after_seconds or 1 + randbelow(RETRY_SPREAD_SECONDS)

    @property
    def retry_after_seconds(self) -> int | None:
        return self._retry_after_seconds
