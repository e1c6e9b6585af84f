"""Keys for wallets as operators get them, of an authority of our own, and the look that a phone takes at what is signed with them."""

import json
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

PASS_TYPE = "pass.example.foyer"
TEAM = "FOYERTEAM1"
ISSUER = "3388000000012345678"
ACCOUNT = "foyer@wallets.example"
AUTHORITY = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Root")])
BETWEEN = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Developer Relations")])
SUBJECT = x509.Name(
    [
        x509.NameAttribute(NameOID.USER_ID, PASS_TYPE),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, TEAM),
        x509.NameAttribute(NameOID.COMMON_NAME, f"Pass Type ID: {PASS_TYPE}"),
    ]
)


@dataclass(frozen=True)
class Chain:
    """Apple's part: the parts of the file, each as PEM, and the root that phones know."""

    key: bytes
    leaf: bytes
    between: bytes
    root: bytes

    def written(self, folder: Path, *parts: bytes) -> Path:
        """A file of these parts; of all that belong into it where none are named."""
        path = folder / "apple-wallet.pem"
        path.write_bytes(b"".join(parts or (self.key, self.leaf, self.between)))
        return path


def chain(*, days: int = 300, subject: x509.Name = SUBJECT, password: bytes | None = None) -> Chain:
    """A root, an authority below it, and a certificate for so many days from now."""
    over, middle = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    mine = rsa.generate_private_key(65537, 2048)
    root = _certificate(AUTHORITY, AUTHORITY, over, over, days=9_000, is_authority=True)
    between = _certificate(BETWEEN, AUTHORITY, middle, over, days=9_000, is_authority=True)
    leaf = _certificate(subject, BETWEEN, mine, middle, days=days, is_authority=False)
    sealing = BestAvailableEncryption(password) if password else NoEncryption()
    key = mine.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealing)
    return Chain(key, *(one.public_bytes(Encoding.PEM) for one in (leaf, between, root)))


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: Any, signing: Any, *, days: int, is_authority: bool
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=400))
    made = made.not_valid_after(now + timedelta(days=days))
    made = made.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    return made.sign(signing, hashes.SHA256())


def google_file(folder: Path) -> tuple[Path, rsa.RSAPublicKey]:
    """The key of a service account as Google gives it out, and what its signatures are read with."""
    key = rsa.generate_private_key(65537, 2048)
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    path = folder / "google-wallet.json"
    path.write_text(json.dumps({"type": "service_account", "client_email": ACCOUNT, "private_key": text}))
    return path, key.public_key()


def is_signed(signature: bytes, manifest: bytes, root: bytes, folder: Path) -> bool:
    """Whether a phone that knows this root takes the signature for one over this list."""
    for name, content in (("signature", signature), ("manifest.json", manifest), ("root.pem", root)):
        (folder / name).write_bytes(content)
    asked = [
        "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "manifest.json",
        "-CAfile", "root.pem", "-purpose", "any", "-out", "seen",
    ]  # fmt: skip
    return subprocess.run(asked, cwd=folder, capture_output=True, check=False).returncode == 0
