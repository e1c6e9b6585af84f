"""Tables of identity."""

from foyer.domains.identity.models.credentials import ApiKeyRow, DeviceRow, OperatorRow, RateCounterRow
from foyer.domains.identity.models.proofs import OneTimeCodeRow, PasskeyRow, RecoveryCodeRow, TotpSecretRow
from foyer.domains.identity.models.sessions import SessionFamilyRow, SessionRow
from foyer.domains.identity.models.staff import InvitationRow, UserRow

__all__ = [
    "ApiKeyRow",
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
