"""Tables of identity."""

from foyer.domains.identity.models.credentials import (
    ApiKeyRow,
    DevicePairingRow,
    DeviceRow,
    OperatorRow,
    RateCounterRow,
)
from foyer.domains.identity.models.proofs import OneTimeCodeRow, PasskeyRow, RecoveryCodeRow, TotpSecretRow
from foyer.domains.identity.models.sessions import SessionFamilyRow, SessionRow
from foyer.domains.identity.models.staff import InvitationRow, UserRow

__all__ = [
    "ApiKeyRow",
    "DevicePairingRow",
    "DeviceRow",
    "InvitationRow",
    "OneTimeCodeRow",
    "OperatorRow",
    "PasskeyRow",
    "RateCounterRow",
    "RecoveryCodeRow",
    "SessionFamilyRow",
    "SessionRow",
    "TotpSecretRow",
    "UserRow",
]
