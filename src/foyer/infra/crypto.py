"""Secrets: sealed at rest, hashed where only comparison is needed, derived where nothing needs to be kept."""

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from foyer.kernel.ids import CROCKFORD

HOLDER_PREFIX: Final = "fyc_"
STAFF_SESSION_PREFIX: Final = "fys_"
API_KEY_PREFIX: Final = "fyk_"
DEVICE_PREFIX: Final = "fyd_"
BUYER_SESSION_PREFIX: Final = "fyb_"
PAIRING_CODE_LENGTH: Final = 12
SESSION_BYTES: Final = 16
SESSION_MAC_BYTES: Final = 12
_CART_TOKEN_BYTES: Final = 16 + 32


class CannotOpenError(Exception):
    """Something was sealed with a key that is not in FOYER_SECRET_KEYS."""


class Keyring:
    """The installation's secret keys: the first seals and signs, all of them open and verify."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        assert keys, "a keyring needs a key"
        self._sealing = [_derive(key, b"foyer sealing v1") for key in keys]
        self._holding = [_derive(key, b"foyer holder tokens v1") for key in keys]
        self._linking = [_derive(key, b"foyer access links v1") for key in keys]
        self._pairing = _derive(keys[0], b"foyer pairing codes v1")

    def seal(self, plain: bytes, context: str) -> bytes:
        """Encrypt (AES-256-GCM); what was sealed for one context cannot be opened as another."""
        nonce = os.urandom(12)
        return nonce + AESGCM(self._sealing[0]).encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt what `seal` made.

        Raises:
            CannotOpenError: none of the keys fits.
        """
        for key in self._sealing:
            try:
                return AESGCM(key).decrypt(sealed[:12], sealed[12:], context.encode())
            except InvalidTag:
                continue
        raise CannotOpenError("none of the secret keys opens this")

    def holder_token(self, kind: str, organization_id: UUID, subject_id: UUID, generation: int = 1) -> str:
        """The token of whoever holds a cart, an order or a ticket: derived, so a replay gets the same, and never stored."""
        return HOLDER_PREFIX + _text(_mac(self._holding[0], kind, organization_id, subject_id, generation))

    def is_holder_token(
        self, token: str, kind: str, organization_id: UUID, subject_id: UUID, generation: int = 1
    ) -> bool:
        if not token.startswith(HOLDER_PREFIX):
            return False
        given = token[len(HOLDER_PREFIX) :].encode("utf-8", "surrogatepass")
        macs = (_mac(key, kind, organization_id, subject_id, generation) for key in self._holding)
        return any(hmac.compare_digest(_text(mac).encode(), given) for mac in macs)

    def cart_token(self, organization_id: UUID, event_id: UUID, cart_id: UUID) -> str:
        """As `holder_token`; it says which event the cart is of as well, so that nobody has to look that up."""
        mac = _mac(self._holding[0], "cart", organization_id, cart_id, event_id)
        return HOLDER_PREFIX + _text(event_id.bytes + mac)

    def event_of_cart(self, token: str, organization_id: UUID, cart_id: UUID) -> UUID | None:
        """The event of a cart, told by the token that opens it; None where it is another token."""
        raw = _bytes(token.removeprefix(HOLDER_PREFIX)) if token.startswith(HOLDER_PREFIX) else b""
        if len(raw) != _CART_TOKEN_BYTES:
            return None
        event_id, given = UUID(bytes=raw[:16]), raw[16:]
        macs = (_mac(key, "cart", organization_id, cart_id, event_id) for key in self._holding)
        return event_id if any(hmac.compare_digest(mac, given) for mac in macs) else None

    def pairing_code(self, organization_id: UUID, pairing_id: UUID) -> str:
        """Twelve characters (60 bits) that a phone sends to become a device; derived, so that the office can show them again."""
        mac = _mac(self._pairing, "pairing", organization_id, pairing_id, 1)
        return "".join(CROCKFORD[byte & 31] for byte in mac[:PAIRING_CODE_LENGTH])

    def link_secrets(self, organization_id: UUID, link_id: UUID) -> list[str]:
        """The 128-bit secret of an access link as each key makes it; the first is what a new link gets."""
        return [_text(_mac(key, "link", organization_id, link_id, 1)[:16]) for key in self._linking]

    def address_hashes(self, organization_id: UUID, key: str) -> list[bytes]:
        """What stands for an address where only we may recognize it: one for each key, the first is written, all are looked for."""
        message = b"|".join((b"address", organization_id.bytes, key.encode("utf-8", "surrogatepass")))
        return [hmac.digest(secret, message, "sha256") for secret in self._holding]

    def code_hashes(self, organization_id: UUID, code_id: UUID, code: str) -> list[bytes]:
        """What is kept of a code so short that all of them could be tried out; the first is written, all are looked for."""
        return [_mac(secret, f"code {code}", organization_id, code_id, 1) for secret in self._holding]

    def new_session(self) -> str:
        """A shop session id that only we can have issued."""
        seed = os.urandom(SESSION_BYTES)
        return _text(seed + self._session_mac(self._holding[0], seed))

    def is_session(self, text: str) -> bool:
        raw = _bytes(text)
        seed, given = raw[:SESSION_BYTES], raw[SESSION_BYTES:]
        return any(hmac.compare_digest(self._session_mac(key, seed), given) for key in self._holding)

    @staticmethod
    def _session_mac(key: bytes, seed: bytes) -> bytes:
        return hmac.digest(key, b"session|" + seed, "sha256")[:SESSION_MAC_BYTES]


def new_secret(prefix: str) -> str:
    """A credential with 256 random bits; the prefix tells its kind."""
    return prefix + secrets.token_urlsafe(32)


def secret_hash(secret: str) -> bytes:
    """What is kept of a credential. Its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def known_keys(data: Path, configured: tuple[str, ...]) -> tuple[str, ...]:
    """The configured keys, or the one kept in `FOYER_DATA/secret`; none where there is neither."""
    path = data / "secret"
    return configured or ((path.read_text(encoding="ascii").strip(),) if path.exists() else ())


def keys_in(data: Path, configured: tuple[str, ...]) -> tuple[str, ...]:
    """The configured keys, or the one kept in `FOYER_DATA/secret`, made on first use."""
    path = data / "secret"
    if not known_keys(data, configured):
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = data / f"secret.{os.getpid()}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):  # another process was first: its key counts
            os.link(fresh, path)
        fresh.unlink()
    return known_keys(data, configured)


def _derive(key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(key.encode())


def _mac(key: bytes, kind: str, organization_id: UUID, subject_id: UUID, detail: int | UUID) -> bytes:
    message = b"|".join((kind.encode(), organization_id.bytes, subject_id.bytes, str(detail).encode()))
    return hmac.digest(key, message, "sha256")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    """What `_text` has written; nothing where it has not written it just so."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
    return raw if _text(raw) == text else b""
