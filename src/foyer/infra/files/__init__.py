"""Files: bytes kept under their hash. What they are and whose they are stands in the table `files`."""

from foyer.infra.files.images import UPLOAD_BYTES_MAX, Picture, Use, developed
from foyer.infra.files.store import HASH_BYTES, FileStore, LocalFiles, files_in

__all__ = [
    "HASH_BYTES",
    "UPLOAD_BYTES_MAX",
    "FileStore",
    "LocalFiles",
    "Picture",
    "Use",
    "developed",
    "files_in",
]
