"""Values of payments: what crosses the door, what goes over the wire, what a provider is asked and says."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, NamedTuple
from uuid import UUID

from foyer.kernel.wire import Wire


class AttemptStatus(StrEnum):
    """`created` means that the provider has been asked and nothing is known yet."""

    CREATED = "created"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TransactionType(StrEnum):
    PURCHASE = "purchase"
    REFUND = "refund"
    CHARGEBACK = "chargeback"
    PAYOUT = "payout"


class TransactionStatus(StrEnum):
    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RefundStatus(StrEnum):
    """`due` means that it has to be begun, `pending` that the provider is asked or has not done it yet."""

    DUE = "due"
    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


class AccountKind(StrEnum):
    """Accounts of the ledger: an organization has one of each kind in each currency."""

    BUYER_CLEARING = "buyer_clearing"
    ORGANIZER_PAYABLE = "organizer_payable"
    PLATFORM_FEES = "platform_fees"
    GATEWAY_FEES = "gateway_fees"
    REFUNDS = "refunds"
    CHARGEBACKS = "chargebacks"
    PAYOUTS = "payouts"


class Transaction(Wire, frozen=True):
    """Money that moved, as staff see it. `amount` is positive minor units of `currency`; the type says which way it went."""

    id: UUID
    order_id: UUID | None
    user_id: UUID | None
    type: TransactionType
    amount: int
    currency: str
    payment_method: str
    payment_method_id: str | None
    payment_intent_id: str | None
    status: TransactionStatus
    gateway_fee: int
    platform_fee: int
    metadata: dict[str, Any]
    error_message: str | None
    created_at: datetime
    updated_at: datetime


class RefundLine(Wire, frozen=True):
    """So many tickets of one line of an order, and what they come to together in minor units."""

    order_item_id: UUID
    quantity: int
    amount: int


class Refund(Wire, frozen=True):
    """Money that goes back to a buyer, in minor units. Its id is the key under which the provider is asked."""

    id: UUID
    order_id: UUID
    user_id: UUID | None
    provider: str
    amount: int
    currency: str
    reason: str | None
    status: RefundStatus
    transaction_id: UUID | None
    error_message: str | None
    lines: list[RefundLine]
    created_at: datetime
    updated_at: datetime


class Attempt(Wire, frozen=True):
    """One try to have an order paid, in minor units. Its id is the key under which the provider is asked."""

    id: UUID
    order_id: UUID
    provider: str
    amount: int
    currency: str
    status: AttemptStatus
    reference: str | None
    error_message: str | None
    created_at: datetime
    updated_at: datetime


class TransactionFilter(NamedTuple):
    """Which transactions a list shows; None leaves a question open. Created from the first moment until before the second."""

    type: TransactionType | None = None
    status: TransactionStatus | None = None
    order_id: UUID | None = None
    payment_method: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None


class AccountBalance(NamedTuple):
    """What went into an account less what went out of it, in minor units; negative is what it owes."""

    kind: AccountKind
    currency: str
    balance: int


class NewAttempt(NamedTuple):
    """An attempt to be written. Amount is 1 or more: what costs nothing needs no attempt."""

    id: UUID
    order_id: UUID
    provider: str
    amount: int
    currency: str
    status: AttemptStatus = AttemptStatus.CREATED
    reference: str | None = None


class Purchase(NamedTuple):
    """Money that a buyer has paid. The provider's `intent_id` is recorded once, however often it is told.

    `method` is the provider's name, `method_id` what it calls the means of payment. Fees are part of the amount.
    """

    id: UUID
    order_id: UUID
    amount: int
    currency: str
    method: str
    method_id: str | None
    intent_id: str
    user_id: UUID | None = None
    gateway_fee: int = 0
    platform_fee: int = 0
    is_direct: bool = False


class NewRefund(NamedTuple):
    """A refund to be written, `due` or `pending`, with the lines it is for: order item, tickets, amount.

    `tickets` are those that shall end, where somebody named them; a refund without lines ends none.
    """

    id: UUID
    order_id: UUID
    provider: str
    amount: int
    currency: str
    reason: str | None
    user_id: UUID | None
    status: RefundStatus
    lines: tuple[tuple[UUID, int, int], ...] = ()
    tickets: tuple[UUID, ...] = ()


class RefundDone(NamedTuple):
    """A refund that has reached the buyer; `reference` is what the provider calls it."""

    refund_id: UUID
    transaction_id: UUID
    user_id: UUID | None = None
    gateway_fee: int = 0
    is_direct: bool = False
    reference: str | None = None


class Posted(NamedTuple):
    """A completed transaction as the ledger needs it."""

    id: UUID
    type: TransactionType
    amount: int
    currency: str
    gateway_fee: int
    platform_fee: int
    is_direct: bool


class Posting(NamedTuple):
    """An amount that goes from the credited account to the debited one; always above zero."""

    debit: AccountKind
    credit: AccountKind
    amount: int


class Capabilities(NamedTuple):
    """What a provider can do, and how it has to be asked."""

    is_remote: bool
    """It is somewhere else: asked with no transaction open, and its answer can be lost."""
    takes: Literal["nothing", "amounts"]
    """`nothing` takes totals of zero and no others."""
    settles_at_once: bool
    """`create` answers `succeeded` by itself."""
    refunds: bool
    is_direct: bool
    """The money goes to the organizer without passing the platform."""


class Outcome(StrEnum):
    """What has become of something a provider was asked for."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class PaymentIntent(NamedTuple):
    """A payment to be made. `key` is the attempt's id: the same key is the same payment, and it is never made twice."""

    key: UUID
    order_id: UUID
    order_number: str
    amount: int
    currency: str
    buyer_email: str
    return_url: str | None = None
    """Where the buyer's browser is sent after paying elsewhere."""


class PaymentState(NamedTuple):
    """What a provider says of a payment.

    `reference` is its own name for it, `redirect_url` where the buyer has to go to pay, `gateway_fee` what it keeps of the
    amount, `error` why it failed, fit to be shown.
    """

    status: Outcome
    reference: str | None
    redirect_url: str | None = None
    gateway_fee: int = 0
    error: str | None = None


class RefundIntent(NamedTuple):
    """Money to be given back. `key` is the refund's id, `reference` the provider's name for the payment it is taken from."""

    key: UUID
    reference: str
    amount: int
    currency: str
    reason: str | None = None


class RefundState(NamedTuple):
    """What a provider says of a refund; as `PaymentState`."""

    status: Outcome
    reference: str | None
    gateway_fee: int = 0
    error: str | None = None


class Callback(NamedTuple):
    """What a provider calls about: a payment or a refund by its key. The state is asked for, never believed from here.

    `id` is the same each time the same call is repeated.
    """

    id: str
    subject: Literal["payment", "refund"]
    key: UUID
    reference: str
