"""The address that puts a ticket into Google's wallet: everything about it, signed (RFC 7515, RS256)."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from foyer.infra.wallets.keys import GoogleKeys

SAVE: Final = "https://pay.google.com/gp/v/save/"


def saving_address(payload: Mapping[str, Any], keys: GoogleKeys, *, at: datetime) -> str:
    """Where somebody is sent who saves this; nothing is asked of Google beforehand.

    Args:
        payload: classes and objects.
        keys: what signs it.
        at: when it is signed.
    """
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    claims = {
        "iss": keys.account,
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(at.timestamp()),
        "payload": payload,
    }
    said = b".".join(_text(part) for part in ({"alg": "RS256", "typ": "JWT"}, claims))
    return SAVE + (said + b"." + _bare(keys.key.sign(said, PKCS1v15(), SHA256()))).decode()


def _text(part: Mapping[str, Any]) -> bytes:
    return _bare(msgspec.json.encode(part))


def _bare(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")
