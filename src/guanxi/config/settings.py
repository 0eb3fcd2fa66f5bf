"""Django's settings. Everything a company may choose comes from the environment or its home."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

from guanxi.config.home import Home

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Home.from_environment()
GUANXI_HOME = HOME.root
WAREHOUSE = HOME.warehouse

BEHIND_PROXY = os.environ.get("GUANXI_HTTPS", "") == "1"  # one of our own, which speaks HTTPS to the browsers
DEBUG = os.environ.get("GUANXI_DEBUG", "") == "1"
SECRET_KEY = os.environ.get("GUANXI_SECRET_KEY") or HOME.secret_key()
VAULT_KEY = os.environ.get("GUANXI_VAULT_KEY") or HOME.secret_key()  # seals certificate numbers
ALLOWED_HOSTS = os.environ.get("GUANXI_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("GUANXI_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",  # for homes of before: sessions are kept as `SignIn` now
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "allauth.account",  # the base that `allauth.mfa` stands on; none of its pages are served (docs/adr/0018)
    "allauth.mfa",
    "allauth.socialaccount",
    "guanxi.kernel.access",
    "guanxi.kernel.api",
    "guanxi.kernel.audit",
    "guanxi.kernel.batches",
    "guanxi.kernel.design",
    "guanxi.kernel.events",
    "guanxi.kernel.fields",
    "guanxi.kernel.jobs",
    "guanxi.kernel.lists",
    "guanxi.kernel.notifications",
    "guanxi.kernel.palette",
    "guanxi.kernel.runs",
    "guanxi.kernel.webhooks",
    "guanxi.kernel.tour",
    "guanxi.kernel.ui",
    "guanxi.customers",
    "guanxi.intelligence",
    "guanxi.marketing",
    "guanxi.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "guanxi.kernel.ui.middleware.ProtectiveHeaders",
    "guanxi.kernel.ui.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "guanxi.kernel.ui.middleware.BodyLimit",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "guanxi.kernel.access.web.middleware.FirstRun",
    "guanxi.kernel.access.web.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "guanxi.kernel.ui.middleware.ErrorPages",
    "allauth.account.middleware.AccountMiddleware",  # it insists; here it only remembers the request
    "axes.middleware.AxesMiddleware",
]
if os.environ.get("GUANXI_SERVER_TIMING", "") == "1":
    MIDDLEWARE.insert(0, "guanxi.config.timing.ServerTiming")

ROOT_URLCONF = "guanxi.config.urls"
WSGI_APPLICATION = "guanxi.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guanxi.kernel.ui.context.frame",
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("GUANXI_DATABASE_URL") or f"sqlite:///{HOME.database.as_posix()}", conn_max_age=None
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a reader that turns writer mid-transaction would fail at once
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        # What a connection asks again and again is planned once: planning is half of a short statement's time.
        "server_side_binding": True,
        "prepare_threshold": 3,
        # Disks turn no longer, and what lists look up is in memory mostly: PostgreSQL believes in neither by itself.
        # And it would compile a statement it thinks long: tens of milliseconds before the first row.
        "options": "-c random_page_cost=1.1 -c jit=off",
    } | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "guanxi.kernel.access.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "guanxi.kernel.access.passwords.NotTriedFirst"},
    {"NAME": "guanxi.kernel.access.passwords.NotOneOfTheLast"},
]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # seconds that a one-time link is good for

# Lock-out, by django-axes: so many wrong passwords for one user name from one address, then a rest.
AXES_FAILURE_LIMIT = int(os.environ.get("GUANXI_LOCKOUT_AFTER", "5"))
AXES_COOLOFF_TIME = timedelta(minutes=int(os.environ.get("GUANXI_LOCKOUT_MINUTES", "15")))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "guanxi.kernel.access.lockout.tell_locked_out"
AXES_CLIENT_IP_CALLABLE = "guanxi.kernel.access.addresses.address_of"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the rest does not grow, whoever tries meanwhile
AXES_DISABLE_ACCESS_LOG = True  # `SignIn` tells who is where
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code"]  # kept with a failure as ****
AXES_VERBOSE = False

# Codes of an authenticator app, by django-allauth: what it keeps is sealed, and a code may be one step early or late.
MFA_ADAPTER = "guanxi.kernel.access.second_factor.SealingAdapter"
MFA_TOTP_TOLERANCE = 1

# Log-in by an OpenID Connect provider, by django-allauth; off while there is no issuer.
OIDC_ISSUER = os.environ.get("GUANXI_OIDC_ISSUER", "").rstrip("/")
OIDC_CLIENT_ID = os.environ.get("GUANXI_OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = os.environ.get("GUANXI_OIDC_CLIENT_SECRET", "")
OIDC_LABEL = os.environ.get("GUANXI_OIDC_LABEL") or "OpenID Connect"
OIDC_ROLE = os.environ.get("GUANXI_OIDC_ROLE", "")  # of users it makes for whom it does not know; none: it refuses them

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = os.environ.get("GUANXI_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
USE_I18N = True

# For how many days what is over is kept (`kernel.retention` and `intelligence.retention`, every night).
KEEP_DAYS = {
    "jobs": int(os.environ.get("GUANXI_KEEP_JOBS_DAYS", "30")),  # finished background jobs
    "audit": int(os.environ.get("GUANXI_KEEP_AUDIT_DAYS", "730")),
    "runs": int(os.environ.get("GUANXI_KEEP_RUNS_DAYS", "400")),  # finished data updates without a kept snapshot
    "batches": int(os.environ.get("GUANXI_KEEP_BATCHES_DAYS", "30")),  # bulk actions; as long they can be undone
    "exports": int(os.environ.get("GUANXI_KEEP_EXPORTS_DAYS", "7")),  # exported files
    "webhooks": int(os.environ.get("GUANXI_KEEP_WEBHOOKS_DAYS", "30")),  # deliveries that ended
    "news": int(os.environ.get("GUANXI_KEEP_NEWS_DAYS", "90")),  # what users were told
    "rejects": int(os.environ.get("GUANXI_KEEP_REJECTS_DAYS", "90")),  # of deliveries that were replaced
}
UPLOAD_MEGABYTES = int(os.environ.get("GUANXI_UPLOAD_MB", "20"))  # the biggest file kept with a customer
NIGHTLY_REFRESH = os.environ.get("GUANXI_NIGHTLY_REFRESH", "02:00")  # by the clock of TIME_ZONE; "off" for none

WEBHOOKS_PRIVATE = os.environ.get("GUANXI_WEBHOOKS_PRIVATE", "") == "1"  # may lead into this network, and over http
API_RATE = os.environ.get("GUANXI_API_RATE", "600/m")  # calls by one user

STATIC_URL = "/static/"
STATIC_ROOT = GUANXI_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "guanxi.kernel.ui.static_files.StampedStaticFiles"},
}
WHITENOISE_USE_FINDERS = True

REVEALS_PER_HOUR = int(os.environ.get("GUANXI_REVEALS_PER_HOUR", "60"))  # masked values that one user may read
SESSION_ENGINE = "guanxi.kernel.access.sessions"
SESSION_COOKIE_AGE = 60 * 60 * int(os.environ.get("GUANXI_SESSION_HOURS", "12"))  # without doing anything
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
LARGEST_BODY = int(os.environ.get("GUANXI_LARGEST_UPLOAD_MB", "64")) * 1024 * 1024  # bytes of one request
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "guanxi.kernel.access.web.views.tell_old_token"
CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
if BEHIND_PROXY:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT, SECURE_REDIRECT_EXEMPT = True, [r"^health/$"]  # watchers ask from within
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60  # of this host only: others of the domain are not ours to speak for
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "guanxi.config.json_log.JsonLines"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json" if os.environ.get("GUANXI_LOG_FORMAT") == "json" else "line",
        }
    },
    "root": {"handlers": ["stderr"], "level": os.environ.get("GUANXI_LOG_LEVEL", "WARNING")},
}
