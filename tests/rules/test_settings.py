"""The environment: a wrong value stops the start with one sentence that names it."""

from pathlib import Path

import pytest

from foyer.settings import SettingsError, read

LONG = "x" * 32

WRONG = [
    ("FOYER_PORT", "0"), ("FOYER_PORT", "65536"), ("FOYER_PORT", "-1"), ("FOYER_PORT", "http"), ("FOYER_PORT", "80.5"),
    ("FOYER_WEB_WORKERS", "0"), ("FOYER_WEB_WORKERS", "65"), ("FOYER_WEB_WORKERS", "two"),
    ("FOYER_MAX_BATCH", "0"), ("FOYER_MAX_BATCH", "1001"), ("FOYER_MAX_BATCH", "1e3"),
    ("FOYER_BASE_URL", "tickets.example.org"), ("FOYER_BASE_URL", "ftp://example.org"), ("FOYER_BASE_URL", "https://"),
    ("FOYER_BASE_URL", "https://example.org?a=b"), ("FOYER_BASE_URL", "https://example.org#a"),
    ("FOYER_BASE_URL", "http://[::1"),
    ("FOYER_DATABASE_URL", "mysql://localhost/foyer"), ("FOYER_DATABASE_URL", "foyer"), ("FOYER_DATABASE_URL", "postgresql://[::1/foyer"),
    ("FOYER_DATABASE_OWNER_URL", "sqlite:///foyer.db"),
    ("FOYER_SECRET_KEYS", "short"), ("FOYER_SECRET_KEYS", f"{LONG},short"),
    ("FOYER_SMTP_URL", "mail.example.org"), ("FOYER_SMTP_URL", "http://mail.example.org"), ("FOYER_SMTP_URL", "smtp://:587"),
    ("FOYER_SMTP_URL", "smtp://mail.example.org:x"), ("FOYER_MAIL_FROM", "tickets"), ("FOYER_METRICS_PORT", "-1"),
    ("FOYER_METRICS_PORT", "65536"), ("FOYER_SIGN_UP", "yes"), ("FOYER_PROXIES", "10.0.0.2,proxy"), ("FOYER_DEMO", "1"),
    ("FOYER_GOOGLE_WALLET_ISSUER", "3388"),
    ("FOYER_PROT", "8000"), ("FOYER_", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_wrong_value_is_named_in_one_sentence(name, value):
    with pytest.raises(SettingsError) as refusal:
        read({name: value})

    sentence = str(refusal.value)
    assert sentence.startswith(f"{name} ")
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_secret_is_not_repeated_in_the_refusal():
    with pytest.raises(SettingsError) as refusal:
        read({"FOYER_SECRET_KEYS": "almost-a-secret"})

    assert "almost-a-secret" not in str(refusal.value)


def test_defaults_serve_on_this_machine_alone():
    found = read({})

    assert (found.host, found.port, found.base_url) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert (found.web_workers, found.max_batch, found.secret_keys, found.log) == (2, 256, (), "-")
    assert (found.database_url, found.database_owner_url) == (None, None)
    assert (found.data, found.data.is_absolute()) == (Path(".foyer").absolute(), True)
    assert not found.is_https
    assert (found.smtp_url, found.mail_from) == (None, "tickets@localhost")
    assert (found.metrics_port, found.sign_up, found.proxies, found.demo) == (0, True, (), False)


def test_values_are_read():
    found = read({
        "FOYER_PORT": "9000", "FOYER_BASE_URL": "https://tickets.example.org/", "FOYER_SECRET_KEYS": f" {LONG} ,{'y' * 32},",
        "FOYER_DATABASE_URL": "postgres://a@b/c", "HOME": "/nowhere",
    })  # fmt: skip

    assert (found.port, found.base_url, found.is_https) == (9000, "https://tickets.example.org", True)
    assert found.secret_keys == (LONG, "y" * 32)
    assert found.database_url == "postgres://a@b/c"


@pytest.mark.parametrize(
    "name", ["FOYER_PORT", "FOYER_BASE_URL", "FOYER_DATABASE_URL", "FOYER_SECRET_KEYS", "FOYER_DATA"]
)
def test_empty_value_is_the_default(name):
    assert read({name: ""}) == read({})


def test_base_url_follows_the_port():
    assert read({"FOYER_PORT": "9000"}).base_url == "http://localhost:9000"


def test_values_of_mail_and_proxies_are_read():
    found = read({
        "FOYER_SMTP_URL": "smtps://u:p@mail.example.org:465", "FOYER_MAIL_FROM": "box@example.org", "FOYER_DEMO": "on",
        "FOYER_SIGN_UP": "closed", "FOYER_PROXIES": "10.0.0.2, 10.1.0.0/16",
    })  # fmt: skip

    assert (found.smtp_url, found.mail_from) == ("smtps://u:p@mail.example.org:465", "box@example.org")
    assert (found.sign_up, found.proxies, found.demo) == (False, ("10.0.0.2", "10.1.0.0/16"), True)
