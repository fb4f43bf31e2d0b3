"""All settings, in one file, from the environment. Every secret may come from a file: NAME_FILE names it.

`checks.py` says which combinations make no sense. The README has the table of names.
"""

import os
import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF


def envtext(name: str, default: str = "") -> str:
    """The value of NAME, or the stripped content of the file that NAME_FILE names, or the default."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf8").strip()
        except OSError as trouble:
            raise ValueError(f"{name}_FILE names {path}, which can't be read ({trouble.strerror})") from None
    return os.environ.get(name, default)


def envint(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if value and not value.removeprefix("-").isdigit():
        raise ValueError(f"{name} must be a number, and says “{value}”")
    return int(value) if value else default


def envbool(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value not in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ValueError(f"{name} must be yes or no, and says “{value}”")
    return value in {"1", "true", "yes", "on"} if value else default


def envlist(name: str, default: str = "") -> list[str]:
    return [word for word in os.environ.get(name, default).replace(",", " ").split() if word]


BASE_DIR = Path(__file__).resolve().parent
DATA_DIR = Path(os.environ.get("CONSULTANT_DATA") or "var").absolute()
SECRET_FILE = DATA_DIR / "secret.key"


def secret_key() -> str:
    """The configured key, else the one that `demo` and `up` keep in the data folder, else one for this process only."""
    if configured := envtext("CONSULTANT_SECRET_KEY"):
        return configured
    return SECRET_FILE.read_text(encoding="utf8").strip() if SECRET_FILE.exists() else secrets.token_urlsafe(50)


SECRET_KEY = secret_key()
DEBUG = envbool("CONSULTANT_DEBUG", False)
ALLOWED_HOSTS = envlist("CONSULTANT_HOSTS", "localhost 127.0.0.1 [::1]")
CSRF_TRUSTED_ORIGINS = envlist("CONSULTANT_ORIGINS")
HTTP_HOST = os.environ.get("CONSULTANT_HTTP_HOST") or "127.0.0.1"
HTTP_PORT = envint("CONSULTANT_HTTP_PORT", 8000)
TLS = envbool("CONSULTANT_TLS", False)  # the desk is reached by https, through a proxy that says so
SITE_URL = (os.environ.get("CONSULTANT_URL") or f"http://{HTTP_HOST}:{HTTP_PORT}").rstrip("/")

# --- mail -------------------------------------------------------------------------------------------------------------

ADDRESS = os.environ.get("CONSULTANT_ADDRESS") or "coding@consultant.example"
SENDER_NAME = os.environ.get("CONSULTANT_SENDER_NAME") or "Consultant"
ADDRESSES = sorted({ADDRESS, *envlist("CONSULTANT_ADDRESSES")})
MAIL_DOMAIN = os.environ.get("CONSULTANT_MAIL_DOMAIN") or ADDRESS.rpartition("@")[2]
MAX_LETTER_BYTES = envint("CONSULTANT_MAX_LETTER_BYTES", 25 * 1024 * 1024)
SMTP_HOST = os.environ.get("CONSULTANT_SMTP_HOST") or "127.0.0.1"
SMTP_PORT = envint("CONSULTANT_SMTP_PORT", 2525)
LMTP_PORT = envint("CONSULTANT_LMTP_PORT", 0)  # 0: no LMTP door
DOOR_PROCESSES = envint("CONSULTANT_DOOR_PROCESSES", 1)  # of `consultant doors`, at the same ports; 0: one for each processor
MAILBOXES_FILE = os.environ.get("CONSULTANT_MAILBOXES", "")  # TOML, one [[mailbox]] each: see docs/mailboxes.md

TRUSTED_RELAYS = envlist("CONSULTANT_TRUSTED_RELAYS")  # authserv-ids whose Authentication-Results count
LETTERS_PER_SENDER = envint(
    "CONSULTANT_LETTERS_PER_SENDER", 300
)  # an hour, which no office writes; more are set aside; 0: no cap
LETTERS_PER_THREAD = envint("CONSULTANT_LETTERS_PER_THREAD", 50)  # an hour; 0: no cap

RELAY_URL = envtext("CONSULTANT_RELAY_URL")  # smtp://user@host:587 (STARTTLS), smtps://…:465, smtp+plain://… ; empty: a Maildir
RELAY_PASSWORD = envtext("CONSULTANT_RELAY_PASSWORD")
RELAY_CA_FILE = os.environ.get("CONSULTANT_RELAY_CA_FILE", "")
RELAY_OAUTH_FILE = os.environ.get("CONSULTANT_RELAY_OAUTH", "")  # TOML: how to get tokens for the relay, instead of a password
OUTBOX_DIR = DATA_DIR / "outbox"
SENDING = envbool("CONSULTANT_SENDING", True)
DKIM_KEY_FILE = os.environ.get("CONSULTANT_DKIM_KEY_FILE", "")  # PEM; empty: what leaves is not signed by us
DKIM_SELECTOR = os.environ.get("CONSULTANT_DKIM_SELECTOR", "")
DKIM_DOMAIN = os.environ.get("CONSULTANT_DKIM_DOMAIN") or ADDRESS.rpartition("@")[2]
PLUS_ADDRESSING = envbool("CONSULTANT_PLUS_ADDRESSING", True)  # our server delivers name+tag@… to name@…
VERP = PLUS_ADDRESSING and envbool("CONSULTANT_VERP", True)  # an envelope sender of its own for each reply
UNDO_SECONDS = envint("CONSULTANT_UNDO_SECONDS", 30)  # between an approval and the mail's leaving
SENDS_PER_HOUR = envint("CONSULTANT_SENDS_PER_HOUR", 500)  # of all mail; 0: no cap
SENDS_PER_RECIPIENT = envint("CONSULTANT_SENDS_PER_RECIPIENT", 20)  # an hour; 0: no cap
ACKNOWLEDGE = envbool("CONSULTANT_ACKNOWLEDGE", True)
SENDING_GRACE_SECONDS = envint("CONSULTANT_SENDING_GRACE_SECONDS", 300)
CLAIM_MINUTES = envint("CONSULTANT_CLAIM_MINUTES", 20)
LETTER_TEMPLATES = [Path(path) for path in envlist("CONSULTANT_LETTER_TEMPLATES")]  # an operator's own letters, looked up first

# --- the casebook -----------------------------------------------------------------------------------------------------

DATABASES = {"default": environ.Env.db_url_config(envtext("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'casebook.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # FULL: a letter that SMTP said 250 to must survive the power cord, not only kill -9.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    # Statements are bound by the server, which keeps the plans of those that come again and again.
    BINDING = {"server_side_binding": True, "prepare_threshold": 5}
    DATABASES["default"]["OPTIONS"] = BINDING | DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 60  # seconds: opening one for each letter costs more than the letter
LETTER_KEY_FILE = os.environ.get("CONSULTANT_LETTER_KEY_FILE", "")  # Fernet keys, one a line, the newest first
RETENTION_DAYS = envint("CONSULTANT_RETENTION_DAYS", 0)  # how long a closed case keeps its words; 0: for ever
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Celery: a message is only a nudge, the casebook is the queue --------------------------------------------------------

CELERY_BROKER_URL = envtext("CONSULTANT_BROKER_URL") or "memory://localhost/"
CELERY_IMPORTS = ("worker",)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"polling_interval": 0.02}
    if CELERY_BROKER_URL.startswith("memory")
    else {"visibility_timeout": 600, "socket_connect_timeout": 2, "socket_timeout": 5, "unacked_restore_throttle": 1}
)
CELERY_TASK_PUBLISH_RETRY = False  # a nudge that can't be given is a line in the log: the sweep finds the case
SWEEP_SECONDS = float(envint("CONSULTANT_SWEEP_SECONDS", 60))
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "sweep": {"task": "worker.sweep", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}}
}
if RETENTION_DAYS:
    CELERY_BEAT_SCHEDULE["purge"] = {"task": "worker.purge", "schedule": 24 * 3600.0}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")

# --- the desk ---------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "axes",
    "consultant",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "consultant.web.urls"
WSGI_APPLICATION = "consultant.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "pages"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "consultant.web.context.house",
            ],
        },
    },
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "consultant_session", "consultant_csrf"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # the letter's HTML is shown in a sandboxed frame of our own
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
    },
}
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True  # served from the package itself: nothing to collect, nothing to forget
LANGUAGE_CODE = "en-us"
TIME_ZONE = os.environ.get("CONSULTANT_TIME_ZONE") or "America/New_York"
USE_TZ = True
USE_I18N = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname:<7} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("CONSULTANT_LOG_LEVEL") or "INFO"},
    "loggers": {
        "celery": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
        "mail.log": {"level": "WARNING"},
        "imapclient": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "waitress.queue": {"level": "ERROR"},
    },
}
