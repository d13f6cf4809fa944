"""Every setting of Django, in one file. What an installation may choose comes from `config.environment`."""

import hashlib
from pathlib import Path
from typing import Any

from sellerdesk.adapters.postgres.home import home_of
from sellerdesk.adapters.postgres.roles import APP_ROLE
from sellerdesk.config.environment import Environment, environment, generated_secret_key, prepare_data_dir

PACKAGE = Path(__file__).resolve().parent.parent
WEB = PACKAGE / "interfaces" / "web"
PORTAL = PACKAGE / "interfaces" / "portal"
LOOKS = PACKAGE / "looks"
ENVIRONMENT = environment()

DATA_DIR = ENVIRONMENT.data_dir
prepare_data_dir(DATA_DIR)
DEBUG = ENVIRONMENT.debug
DEMO = ENVIRONMENT.demo
BASE_URL = ENVIRONMENT.base_url
OUTBOUND_ALLOW = ENVIRONMENT.outbound_allow
RATE_LIMIT_SCALE = ENVIRONMENT.rate_limit_scale
SECRET_KEY = ENVIRONMENT.secret_key or generated_secret_key(DATA_DIR)

# --- The application -------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "sellerdesk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "ninja",  # so that the pages of the API's documentation load their scripts from here and not from afar
]
AUTH_USER_MODEL = "sellerdesk.User"
ROOT_URLCONF = "sellerdesk.config.urls"
WSGI_APPLICATION = "sellerdesk.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False  # programs' paths are fixed by their protocols, and a redirect would lose their bodies

# Every request passes the first list. Only people's pages pay for sessions, sign-in, languages and form tokens:
# programs bring their own credentials with each request.
MIDDLEWARE = [
    "sellerdesk.interfaces.ops.edge.RequestLog",
    "sellerdesk.interfaces.ops.edge.SecurityHeaders",
    "sellerdesk.interfaces.ops.edge.Outage",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sellerdesk.interfaces.ops.people.PeopleOnly",
    "allauth.account.middleware.AccountMiddleware",  # allauth insists on this list; it costs programs nothing
]
PEOPLE_PATHS = ("/desk/", "/operator/", "/account/", "/accounts/", "/mailbox", "/language/", "/@/")
PEOPLE_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates", PORTAL / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sellerdesk.interfaces.web.frame.frame",
            ],
        },
    }
]

# --- The database ----------------------------------------------------------------------------------------------------

EMBEDDED_HOME = home_of(DATA_DIR)
EMBEDDED_DATABASE = "sellerdesk"
EMBEDDED_OWNER = "sellerdesk"
LOCK_TIMEOUT = "3s"
STATEMENT_TIMEOUTS = {"web": "10s", "worker": "10min", "cli": "10min"}


def _server(chosen: Environment) -> dict[str, Any]:
    if chosen.database is None:
        return {
            "NAME": EMBEDDED_DATABASE,
            "USER": EMBEDDED_OWNER,
            "HOST": str(EMBEDDED_HOME.sockets),
            "PORT": "5432",
            "OPTIONS": {},
        }
    given = chosen.database
    return {
        "NAME": given.name,
        "USER": given.user,
        "PASSWORD": given.password,
        "HOST": given.host,
        "PORT": given.port,
        "OPTIONS": dict(given.options),
    }


def _database(chosen: Environment, *, owner: bool) -> dict[str, Any]:
    server = _server(chosen)
    limits = {
        "application_name": f"sellerdesk-{'owner' if owner else chosen.process}",
        "idle_in_transaction_session_timeout": "0" if owner else "30s",
        "lock_timeout": "60s" if owner else LOCK_TIMEOUT,
        "statement_timeout": "0" if owner else STATEMENT_TIMEOUTS[chosen.process],
        "TimeZone": "UTC",
    }
    if not owner:
        # The work is done under a role that owns nothing; only migrations and the bulk loader are the owner. The role
        # is chosen while connecting: Django's `assume_role` waits for itself when it meets a pool (5.2).
        limits["role"] = APP_ROLE
    options: dict[str, Any] = {"connect_timeout": "5", **server["OPTIONS"]}
    options["options"] = " ".join(f"-c {name}={value}" for name, value in limits.items())
    if not owner:
        # Parameters travel apart from the text, so that PostgreSQL plans a statement once: measured, this doubles
        # single confirmations and quadruples batches.
        options["server_side_binding"] = True
        options["prepare_threshold"] = 5
        if chosen.process == "web":
            options["pool"] = {
                "min_size": 1,
                "max_size": chosen.web_threads,
                "timeout": 3.0,
                "max_idle": 300.0,
            }
    return {
        **server,
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": options,
        "CONN_MAX_AGE": 0 if chosen.process == "web" or owner else None,
        # A pooled connection is not asked whether it lives before each request: that costs a round trip. After the
        # server was away, the first answers are 503 and their connections are thrown away.
        "CONN_HEALTH_CHECKS": chosen.process != "web",
    }


DATABASES = {"default": _database(ENVIRONMENT, owner=False), "owner": _database(ENVIRONMENT, owner=True)}

# --- People ----------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
ACCOUNT_ADAPTER = "sellerdesk.interfaces.web.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # staff are invited by an administrator; nobody signs up alone
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BASE_URL.startswith("https:") else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = 0
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Sellerdesk"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # so that signing somebody out takes effect at once
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "sellerdesk_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BASE_URL.startswith("https:")
CSRF_COOKIE_NAME = "sellerdesk_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = BASE_URL.startswith("https:")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
X_FRAME_OPTIONS = "DENY"
# Programs written for the marketplace send the host they signed for, or none that is valid, so any Host is served.
# Nothing is built from it: links use BASE_URL, and `people.PeopleOnly` makes it the host of people's requests.
ALLOWED_HOSTS = ["*"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BASE_URL.startswith("https:") else None
DATA_UPLOAD_MAX_MEMORY_SIZE = (
    15 * 1024 * 1024
)  # messages with files over the native API; other bodies stop earlier
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- Languages and time ----------------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")]
LANGUAGE_COOKIE_NAME = "sellerdesk_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = BASE_URL.startswith("https:")
LOCALE_PATHS = [PACKAGE / "locale"]

# --- Files that never change -----------------------------------------------------------------------------------------


STATICFILES_DIRS = [
    folder for folder in (room / "static" for room in (LOOKS, WEB, PORTAL)) if folder.is_dir()
]


def _digest() -> str:
    """A name for the exact contents of the static files, the same on every machine."""
    digest = hashlib.sha256()
    for folder in STATICFILES_DIRS:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


# The digest in the address lets browsers keep files for ever, and lets stylesheets and modules name each other.
STATIC_URL = f"/static/{_digest()}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 31_536_000
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# --- Mail and logs ---------------------------------------------------------------------------------------------------

# Mail of the product goes through flows and adapters; this is only for what allauth sends (password reset).
if ENVIRONMENT.smtp is None:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mailbox" / "accounts"
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = ENVIRONMENT.smtp.host
    EMAIL_PORT = ENVIRONMENT.smtp.port
    EMAIL_HOST_USER = ENVIRONMENT.smtp.user
    EMAIL_HOST_PASSWORD = ENVIRONMENT.smtp.password
    EMAIL_USE_SSL = ENVIRONMENT.smtp.tls
    EMAIL_USE_TLS = ENVIRONMENT.smtp.starttls
    EMAIL_TIMEOUT = 10
LOGGING_CONFIG = "sellerdesk.config.logging.configure"
LOGGING = {"level": ENVIRONMENT.log_level}
SILENCED_SYSTEM_CHECKS: list[str] = []
