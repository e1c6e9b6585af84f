"""A pass as Apple's wallet takes it: files, a list of their digests, and a signature over that list, zipped."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from foyer.infra.wallets.keys import AppleKeys

PKPASS: Final = "application/vnd.apple.pkpass"
_MADE: Final = (1980, 1, 1, 0, 0, 0)


def packed(told: Mapping[str, Any], pictures: Mapping[str, bytes], keys: AppleKeys) -> bytes:
    """A signed pass.

    Args:
        told: what it says, as `pass.json` has it; whose it is comes from the keys.
        pictures: PNG by the names that the format gives them, `icon.png` among them.
        keys: what signs it.
    """
    whose = {"formatVersion": 1, "passTypeIdentifier": keys.pass_type, "teamIdentifier": keys.team}
    files = {"pass.json": msgspec.json.encode({**told, **whose}), **pictures}
    # The format knows no other digest; what keeps the list from being changed is the signature over it.
    digests = {
        name: hashlib.sha1(content, usedforsecurity=False).hexdigest() for name, content in files.items()
    }
    manifest = msgspec.json.encode(digests, order="sorted")
    files |= {"manifest.json": manifest, "signature": _signature(manifest, keys)}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _MADE), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _signature(manifest: bytes, keys: AppleKeys) -> bytes:
    """A detached PKCS #7 signature with the certificates that lead to Apple's root."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

    builder = PKCS7SignatureBuilder().set_data(manifest).add_signer(keys.certificate, keys.key, SHA256())
    for issuer in keys.issuers:
        builder = builder.add_certificate(issuer)
    return builder.sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])
