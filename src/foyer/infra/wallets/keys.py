"""The files that an operator gets from Apple and Google, read and looked through."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate, Name, ObjectIdentifier

APPLE_FILE: Final = "FOYER_APPLE_WALLET_FILE"
GOOGLE_FILE: Final = "FOYER_GOOGLE_WALLET_FILE"
BYTES_MAX: Final = 64 * 1024
_PRIVATE: Final = re.compile(
    rb"-----BEGIN ([A-Z ]*)PRIVATE KEY-----.+?-----END \1PRIVATE KEY-----", re.DOTALL
)


class UnreadableKeysError(Exception):
    """A file of keys cannot be used; the message is the sentence shown to the operator."""


@dataclass(frozen=True, slots=True)
class AppleKeys:
    """What signs passes for Apple's wallet."""

    pass_type: str
    """As `pass.org.example.tickets`; it stands in the certificate."""
    team: str
    ends_at: datetime
    """Until when phones take what is signed with it."""
    key: "RSAPrivateKey"
    certificate: "Certificate"
    issuers: tuple["Certificate", ...]


@dataclass(frozen=True, slots=True)
class GoogleKeys:
    """What signs addresses for Google's wallet."""

    issuer: str
    account: str
    key: "RSAPrivateKey"


class _ServiceAccount(msgspec.Struct):
    client_email: str
    private_key: str


def read_apple(path: Path) -> AppleKeys:
    """The pass type certificate, its private key and Apple's intermediate certificate, out of one PEM file.

    Raises:
        UnreadableKeysError: something of it is missing, or does not belong together.
    """
    from cryptography.x509 import load_pem_x509_certificates
    from cryptography.x509.oid import NameOID

    content = _content(path, APPLE_FILE)
    key = _private_key(content, APPLE_FILE, path)
    try:
        certificates = load_pem_x509_certificates(content)
    except ValueError:
        raise UnreadableKeysError(f"{APPLE_FILE}: there is no certificate in {path}.") from None
    mine = next((one for one in certificates if one.public_key() == key.public_key()), None)
    if mine is None:
        raise UnreadableKeysError(f"{APPLE_FILE}: no certificate in {path} belongs to its private key.")
    pass_type, team = (
        _named(mine.subject, NameOID.USER_ID),
        _named(mine.subject, NameOID.ORGANIZATIONAL_UNIT_NAME),
    )
    if not pass_type or not team:
        raise UnreadableKeysError(f"{APPLE_FILE}: the certificate in {path} is not one of a pass type.")
    others = tuple(one for one in certificates if one is not mine)
    if not any(one.subject == mine.issuer for one in others):
        raise UnreadableKeysError(
            f"{APPLE_FILE}: Apple's intermediate certificate is missing in {path}; append it."
        )
    return AppleKeys(pass_type, team, mine.not_valid_after_utc, key, mine, others)


def read_google(path: Path, issuer: str) -> GoogleKeys:
    """The key of a service account, as Google gives it out.

    Raises:
        UnreadableKeysError: it is not such a file.
    """
    try:
        account = msgspec.json.decode(_content(path, GOOGLE_FILE), type=_ServiceAccount)
    except msgspec.DecodeError:
        raise UnreadableKeysError(f"{GOOGLE_FILE}: {path} is not the key of a service account.") from None
    key = _private_key(account.private_key.encode(), GOOGLE_FILE, path)
    return GoogleKeys(issuer, account.client_email, key)


def _content(path: Path, setting: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(BYTES_MAX)
    except OSError as wrong:
        raise UnreadableKeysError(f"{setting}: {path} cannot be read: {wrong.strerror}.") from None


def _private_key(content: bytes, setting: str, path: Path) -> "RSAPrivateKey":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    found = _PRIVATE.search(content)
    try:
        key = load_pem_private_key(found[0] if found else b"", None)
    except TypeError:
        raise UnreadableKeysError(
            f"{setting}: the private key in {path} asks for a password; store it without."
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise UnreadableKeysError(f"{setting}: there is no private key in {path}.") from None
    if not isinstance(key, RSAPrivateKey):
        raise UnreadableKeysError(f"{setting}: the private key in {path} is not an RSA key.")
    return key


def _named(subject: "Name", part: "ObjectIdentifier") -> str:
    return next((str(one.value) for one in subject.get_attributes_for_oid(part)), "")
