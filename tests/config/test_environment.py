"""Settings: right ones are typed, wrong ones are one sentence."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from sellerdesk.config.environment import SettingError, generated_secret_key, prepare_data_dir, read
from sellerdesk.config.mail_environment import MailListener

WRONG = {
    "SELLERDESK_DATABASE_URL": [
        "mysql://u@h/d",
        "postgresql://h:port/d",
        "postgresql://h/",
        "nonsense",
        "postgresql://h/a/b",
    ],
    "SELLERDESK_CLOCK_OFFSET": ["31d", "+", "+1y", "tomorrow", "+999999999d"],
    "SELLERDESK_RATE_LIMIT_SCALE": ["0", "-1", "fast", "NaN", "Infinity"],
    "SELLERDESK_BASE_URL": ["desk.example.com", "ftp://x", "http://x/path", "http://x:port"],
    "SELLERDESK_SMTP_URL": ["mail.example.com", "http://mail", "smtp://"],
    "SELLERDESK_MAIL_HOST": ["a b", "mail.example.com/x", "-" * 64, "é.example"],
    "SELLERDESK_MAIL_LISTEN": ["25", ":25", "0.0.0.0:", "0.0.0.0:smtp", "0.0.0.0:65536"],
    "SELLERDESK_MAIL_TLS": ["/nowhere/cert.pem"],
    "SELLERDESK_SECRET_KEY": ["short"],
    "SELLERDESK_DEMO": ["yes"],
    "SELLERDESK_LOG_LEVEL": ["loud"],
    "SELLERDESK_WEB_THREADS": ["0", "many", "1000"],
    "SELLERDESK_PROCESS": ["robot"],
    "SELLERDESK_POSTGRES_BIN": ["/nowhere"],
    "SELLERDESK_PAYMENTS": ["paypal"],
    "SELLERDESK_STRIPE_KEY": ["sk_live_withoutItsSide"],
    "SELLERDESK_TYPO": ["1"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_wrong_values_are_one_sentence(name: str, value: str) -> None:
    with pytest.raises(SettingError) as caught:
        read({"SELLERDESK_DEMO": "1", name: value})
    sentence = str(caught.value)
    assert name in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_the_password_is_not_repeated() -> None:
    with pytest.raises(SettingError) as caught:
        read({"SELLERDESK_DATABASE_URL": "postgresql://me:hunter2@host:x/d"})
    assert "hunter2" not in str(caught.value)


def test_a_shifted_clock_needs_a_demonstration() -> None:
    assert read({"SELLERDESK_DEMO": "1", "SELLERDESK_CLOCK_OFFSET": "+1d12h"}).clock_offset == timedelta(
        hours=36
    )
    assert read({"SELLERDESK_DEMO": "1", "SELLERDESK_CLOCK_OFFSET": "-2h"}).clock_offset == timedelta(
        hours=-2
    )
    with pytest.raises(SettingError, match="SELLERDESK_DEMO=1"):
        read({"SELLERDESK_CLOCK_OFFSET": "+31d"})


def test_right_values_are_typed() -> None:
    found = read(
        {
            "SELLERDESK_DATABASE_URL": "postgresql://me:p%40ss@db.example:5433/desk?sslmode=require",
            "SELLERDESK_RATE_LIMIT_SCALE": "2.5",
            "SELLERDESK_SMTP_URL": "smtp+starttls://me:secret@mail.example",
            "SELLERDESK_BASE_URL": "https://desk.example/",
        }
    )
    assert found.database is not None
    assert (found.database.host, found.database.port, found.database.name) == ("db.example", "5433", "desk")
    assert (found.database.password, found.database.options) == ("p@ss", {"sslmode": "require"})
    assert found.rate_limit_scale == Decimal("2.5")
    assert found.smtp is not None
    assert (found.smtp.port, found.smtp.starttls) == (587, True)
    assert found.base_url == "https://desk.example"


def test_where_mail_is_taken(tmp_path: Path) -> None:
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    certificate.touch()
    key.touch()
    assert read({}).mail_listen is None
    found = read(
        {
            "SELLERDESK_MAIL_LISTEN": "[::1]:2525",
            "SELLERDESK_MAIL_HOST": "Mail.Example.com.",
            "SELLERDESK_MAIL_TLS": f"{certificate},{key}",
        }
    )
    assert found.mail_host == "mail.example.com"
    assert found.mail_listen == MailListener("::1", 2525, certificate, key)
    alone = read({"SELLERDESK_MAIL_LISTEN": "0.0.0.0:25", "SELLERDESK_MAIL_TLS": str(certificate)})
    assert alone.mail_listen == MailListener("0.0.0.0", 25, certificate, certificate)
    assert read({"SELLERDESK_MAIL_LISTEN": "0.0.0.0:25"}).mail_listen == MailListener(
        "0.0.0.0", 25, None, None
    )


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    key = generated_secret_key(tmp_path)
    assert len(key) >= 64
    assert generated_secret_key(tmp_path) == key
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingError, match="SELLERDESK_DATA_DIR"):
        prepare_data_dir(tmp_path / "file" / "data")


STRIPE = {"SELLERDESK_PAYMENTS": "stripe", "SELLERDESK_STRIPE_KEY": "sk_live_abcdef0123"}


def test_a_provider_needs_its_key_and_a_safe_way() -> None:
    assert read({}).stripe is None
    account = read(STRIPE).stripe
    assert account is not None
    assert (account.key, account.url, account.is_test) == (
        "sk_live_abcdef0123",
        "https://api.stripe.com",
        False,
    )
    assert "abcdef" not in repr(account)
    assert read(STRIPE | {"SELLERDESK_STRIPE_URL": "http://127.0.0.1:4242/"}).stripe is not None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SELLERDESK_STRIPE_KEY", "pk_live_public"),
        ("SELLERDESK_STRIPE_KEY", ""),
        ("SELLERDESK_STRIPE_URL", "http://payments.example"),
        ("SELLERDESK_STRIPE_URL", "https://payments.example/v1"),
        ("SELLERDESK_STRIPE_URL", "https://user@payments.example"),
        ("SELLERDESK_STRIPE_URL", "https://payments.example:port"),
    ],
)
def test_a_wrong_provider_is_one_sentence_without_the_key(name: str, value: str) -> None:
    with pytest.raises(SettingError) as error:
        read(STRIPE | {name: value})
    assert name in str(error.value)
    assert "abcdef" not in str(error.value)
