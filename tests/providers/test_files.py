"""What every file store has to pass, and what only the one on disk can get wrong."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from foyer.infra.files import FileStore, LocalFiles
from tests.support.memory_files import MemoryFiles


@pytest.fixture(params=["local", "memory"])
def store(request, tmp_path: Path) -> FileStore:
    return LocalFiles(tmp_path / "files") if request.param == "local" else MemoryFiles()


async def test_what_was_put_comes_back_by_its_hash(store: FileStore) -> None:
    for content in (b"", b"a", bytes(range(256)) * 5_000):
        content_hash = await store.put(content)
        assert content_hash == hashlib.sha256(content).digest()
        assert await store.get(content_hash) == content
        assert await store.put(content) == content_hash


async def test_what_was_never_put_or_was_removed_is_not_there(store: FileStore) -> None:
    kept, gone = await store.put(b"kept"), await store.put(b"gone")
    await store.remove(gone)
    await store.remove(gone)
    assert await store.get(gone) is None
    assert await store.get(hashlib.sha256(b"never").digest()) is None
    assert await store.get(kept) == b"kept"


async def test_only_a_hash_finds_anything(store: FileStore) -> None:
    await store.put(b"secret")
    for wrong in (b"", b"../../../etc/passwd", b"x" * 31, b"x" * 33):
        with pytest.raises(ValueError):
            await store.get(wrong)


async def test_many_writers_of_one_content_agree(store: FileStore) -> None:
    hashes = await asyncio.gather(*(store.put(b"the same" * 10_000) for _ in range(20)))
    assert len(set(hashes)) == 1
    assert await store.get(hashes[0]) == b"the same" * 10_000


async def test_disk_holds_whole_private_files_two_folders_deep(tmp_path: Path) -> None:
    store = LocalFiles(tmp_path / "files")
    content_hash = await store.put(b"one")
    name = content_hash.hex()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [tmp_path / "files" / name[:2] / name[2:4] / name]
    assert files[0].stat().st_mode & 0o077 == 0
    assert (tmp_path / "files" / name[:2]).stat().st_mode & 0o077 == 0


async def test_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = LocalFiles(tmp_path / "files")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("foyer.infra.files.store.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        await store.put(b"too much")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_damaged_file_is_not_given_out_and_is_mended_by_putting_it_again(tmp_path: Path) -> None:
    store = LocalFiles(tmp_path)
    content_hash = await store.put(b"the bill")
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    path.write_bytes(b"the bull")
    assert await store.get(content_hash) is None
    await store.put(b"the bill")
    assert await store.get(content_hash) == b"the bill"


async def test_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    store = LocalFiles(tmp_path / "files")
    content_hash = await store.put(b"inside")
    (path,) = (path for path in (tmp_path / "files").rglob("*") if path.is_file())
    outside = tmp_path / "outside"
    outside.write_bytes(b"inside")
    path.unlink()
    path.symlink_to(outside)
    with pytest.raises(OSError, match="symbolic"):
        await store.get(content_hash)
