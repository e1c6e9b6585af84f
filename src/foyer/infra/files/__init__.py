"""Files: bytes kept under their hash. What they are and whose they are stands in the table `files`."""

from foyer.infra.files.store import HASH_BYTES, FileStore, LocalFiles, files_in

__all__ = ["HASH_BYTES", "FileStore", "LocalFiles", "files_in"]
