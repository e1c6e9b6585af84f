"""Files of keys for wallets: each thing that can be wrong with one is told in a sentence, before a buyer meets it."""

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from foyer.cli import main
from foyer.infra.wallets import UnreadableKeysError, read_apple, read_google
from tests.support.wallets import ISSUER, PASS_TYPE, TEAM, Chain, chain, google_file


@pytest.fixture(scope="module")
def good() -> Chain:
    return chain()


def test_everything_apple_asks_for_stands_in_one_file(good, tmp_path):
    keys = read_apple(good.written(tmp_path, good.between, good.leaf, good.key))

    assert (keys.pass_type, keys.team, len(keys.issuers)) == (PASS_TYPE, TEAM, 1)


def test_what_is_missing_is_named(good, tmp_path):
    stranger, sealed = chain(), chain(password=b"secret")
    plain = chain(subject=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example.org")]))
    wrong = {
        "no private key": (good.leaf, good.between),
        "there is no certificate": (good.key,),
        "belongs to its private key": (good.key, stranger.leaf, good.between),
        "intermediate certificate is missing": (good.key, good.leaf),
        "is not one of a pass type": (plain.key, plain.leaf, plain.between),
        "asks for a password": (sealed.key, sealed.leaf, sealed.between),
    }
    for sentence, parts in wrong.items():
        with pytest.raises(UnreadableKeysError, match=sentence) as refusal:
            read_apple(good.written(tmp_path, *parts))
        assert str(refusal.value).startswith("FOYER_APPLE_WALLET_FILE: ")
        assert "BEGIN" not in str(refusal.value)


def test_google_gives_out_json(tmp_path):
    path, _ = google_file(tmp_path)
    assert read_google(path, ISSUER).issuer == ISSUER
    for text in ("", "{}", '{"client_email": "a", "private_key": "b"}'):
        path.write_text(text)
        with pytest.raises(UnreadableKeysError, match="FOYER_GOOGLE_WALLET_FILE: "):
            read_google(path, ISSUER)


@pytest.mark.parametrize(
    ("days", "sentence"), [(300, None), (20, "ends on"), (-3, "no pass is given out until you renew it")]
)
def test_doctor_looks_at_the_keys(days, sentence, app_url, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("FOYER_DATABASE_URL", app_url)
    monkeypatch.setenv("FOYER_DATA", str(tmp_path))
    monkeypatch.setenv("FOYER_APPLE_WALLET_FILE", str(chain(days=days).written(tmp_path)))
    monkeypatch.setenv("FOYER_GOOGLE_WALLET_FILE", str(tmp_path / "gone.json"))
    monkeypatch.setenv("FOYER_GOOGLE_WALLET_ISSUER", ISSUER)

    with pytest.raises(SystemExit) as ended:
        main(["doctor"])

    printed = capsys.readouterr().out
    assert ended.value.code == 1
    assert "FOYER_GOOGLE_WALLET_FILE: " in printed
    assert "cannot be read: No such file or directory." in printed
    assert ("FOYER_APPLE_WALLET_FILE" in printed) == (sentence is not None)
    assert (sentence or "") in printed
