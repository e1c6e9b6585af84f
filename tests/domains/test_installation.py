"""What a process looks at before it serves: the right key, the right login."""

import os
import subprocess
import sys

import pytest

from foyer.cli import main
from foyer.infra.db.embedded import locate
from foyer.infra.db.engine import Database
from foyer.infra.secret import keyring_for
from foyer.settings import SettingsError
from tests.support.cluster import APP, OWNER, SUPERUSER, url_of
from tests.support.world import SECRET, settings_for

OTHER = "quite another secret key, just as long"


async def test_database_is_opened_with_the_key_it_was_filled_with(database, tmp_path):
    await keyring_for(database, settings_for(tmp_path))

    with pytest.raises(SettingsError, match="does not open this database"):
        await keyring_for(database, settings_for(tmp_path, secret_keys=(OTHER,)))
    rotated = await keyring_for(database, settings_for(tmp_path, secret_keys=(OTHER, SECRET)))
    assert rotated.open(await database.canary(b""), "canary") == b"foyer"


@pytest.mark.parametrize(("role", "is_privileged"), [(APP, False), (OWNER, True), (SUPERUSER, True)])
async def test_login_that_steps_over_the_wall_is_known(database_name, role, is_privileged):
    database = Database(url_of(role, database_name), pool_size=1)

    assert await database.is_privileged() is is_privileged
    await database.close()


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_servers_refuse_the_owners_login(database_name, tmp_path, command):
    environment = {
        "FOYER_DATABASE_URL": url_of(OWNER, database_name),
        "FOYER_DATA": str(tmp_path),
        "FOYER_PORT": "8317",
        "PATH": "/usr/bin:/bin",
    }

    done = subprocess.run(
        [sys.executable, "-m", "foyer", command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "use foyer_app" in done.stderr


@pytest.mark.parametrize("command", ["audit", "doctor"])
@pytest.mark.parametrize("is_there", [False, True])
def test_what_only_reads_makes_no_installation(tmp_path, monkeypatch, capsys, command, is_there):
    """A wrong FOYER_DATA is told, and stays as it is: an empty database there would be found clean."""
    data = tmp_path / "wrong"
    if is_there:
        data.mkdir()
    for name in [name for name in os.environ if name.startswith("FOYER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FOYER_DATA", str(data))

    with pytest.raises(SystemExit) as ended:
        main([command])

    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"foyer: There is no installation in {data}")
    assert said.out == ""
    assert (data.exists(), list(tmp_path.rglob("*"))) == (is_there, [data] if is_there else [])
    assert not locate(data).root.exists()
