"""Everything that can be set is set from the environment; the README's table describes each name.

With an empty environment it runs on one machine with nothing to install: SQLite, an embedded Redis, files
under `DATA_DIR`.
"""

from pathlib import Path
from typing import Any

from compressor.database import with_options
from compressor.environment import (
    Environment,
    at_least,
    between,
    is_template,
    is_zone,
    kept_secret,
    local_zone,
    one_of,
)
from compressor.hosts import own_names
from compressor.redis import default_url

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.path("DATA_DIR", BASE_DIR / "var").resolve()

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret(DATA_DIR / "secret_key")
NAMED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
ALLOWED_HOSTS = [*NAMED_HOSTS, *own_names(env.str("HOST", "127.0.0.1"))]
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
USE_X_FORWARDED_HOST = BEHIND_PROXY
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 0, validate=at_least(0))

# The product's own settings; times in seconds.

ACCESS = env.str("ACCESS", "open", validate=one_of("open", "login"))
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
RESULT_RETENTION = env.int("RESULT_RETENTION", 24 * 3600, validate=at_least(1))
SOURCE_RETENTION = env.int("SOURCE_RETENTION", RESULT_RETENTION, validate=at_least(0))
TOMBSTONE_RETENTION = env.int("TOMBSTONE_RETENTION", 7 * 24 * 3600, validate=at_least(0))
UPLOAD_RETENTION = env.int("UPLOAD_RETENTION", 24 * 3600, validate=at_least(1))
EMPTY_UPLOAD_RETENTION = env.int("EMPTY_UPLOAD_RETENTION", 10 * 60, validate=at_least(1))
JOB_LEASE = env.int("JOB_LEASE", 30, validate=at_least(1))
JOB_TIMEOUT = env.int("JOB_TIMEOUT", 24 * 3600, validate=at_least(1))
MAX_LOSSES = env.int("MAX_LOSSES", 3, validate=at_least(1))
CLIENT_TIMEOUT = env.int("CLIENT_TIMEOUT", 60, validate=at_least(1))
SWEEP_INTERVAL = env.float("SWEEP_INTERVAL", 5.0, validate=at_least(0.1))
RESULT_NAME = env.str("RESULT_NAME", "{name}-small", validate=is_template)
MAX_UPLOAD_BYTES = env.size("MAX_UPLOAD_BYTES", 20 * 1024**3)
MAX_QUEUED = env.int("MAX_QUEUED", 1000, validate=at_least(1))
MAX_OPEN_UPLOADS = env.int("MAX_OPEN_UPLOADS", 100, validate=at_least(1))
MAX_BYTES_PER_OWNER = env.size("MAX_BYTES_PER_OWNER", 0)  # 0: a quarter of the disk
MAX_REQUESTS_PER_MINUTE = env.int("MAX_REQUESTS_PER_MINUTE", 12_000, validate=at_least(0))  # 0: any number
MAX_CONNECTIONS_PER_ADDRESS = env.int("MAX_CONNECTIONS_PER_ADDRESS", 2500, validate=at_least(1))
MIN_FREE_BYTES = env.size("MIN_FREE_BYTES", 1024**3)
MEMORY_BYTES = env.size("MEMORY_BYTES", 0)  # 0: a share of the machine's
MAX_MEGAPIXELS = env.float("MAX_MEGAPIXELS", 10_000_000, validate=at_least(1))  # of all frames together
STALL_SECONDS = env.float("STALL_SECONDS", 60.0, validate=at_least(1))
NICE = env.int("NICE", 10, validate=between(0, 19))  # of ffmpeg
THREADS = env.int("THREADS", 0, validate=at_least(0))  # of one ffmpeg; 0: as many as there are processors
PIECE_SECONDS = env.float("PIECE_SECONDS", 60.0, validate=at_least(1))
WORK_HOURS = env.hours("WORK_HOURS", "")
TIME_ZONE = env.str("TIME_ZONE", local_zone(), validate=is_zone)
WORKERS = env.int("WORKERS", 1, validate=at_least(1))
REDIS_URL = env.str("REDIS_URL", "") or default_url(DATA_DIR)
DATABASE = env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
DATABASE_CONNECTIONS = env.int("DATABASE_CONNECTIONS", 20, validate=at_least(1))  # of one web process
MAIL: dict[str, Any] = env.mail("EMAIL_URL", "dummy://")
env.done()
DATABASES = {"default": with_options(DATABASE)}

# Django

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "django_rq",
    "jobs",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jobs.middleware.AccessMiddleware",
    "jobs.middleware.PageGuardMiddleware",
    "jobs.middleware.ProblemMiddleware",
    "jobs.middleware.CharsetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jobs.middleware.TokenMiddleware",
    "jobs.rate_limit.RateLimitMiddleware",
    "jobs.middleware.OriginMiddleware",
    "jobs.submission.intake.IntakeMiddleware",
    "jobs.middleware.CookieCsrfMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "compressor.urls"
ASGI_APPLICATION = "compressor.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Tests get a real file as well: SQLite's shared memory locks whole tables instead of waiting.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "jobs.channel_layer.NewestWins",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
}
RQ_QUEUES = {
    "encode": {"URL": REDIS_URL, "DEFAULT_TIMEOUT": JOB_TIMEOUT, "DEFAULT_RESULT_TTL": 0, "SERIALIZER": "json"}
}
RQ = {"COMMIT_MODE": "on_db_commit"}
RQ_SHOW_ADMIN_LINK = False  # its pages are in `jobs/admin.py`, which asks for a permission
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        # Seconds that whoever signs in waits for it.
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    },
    "totals": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},  # what one process has counted
}

MEDIA_ROOT = DATA_DIR / "media"
STATIC_ROOT = DATA_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "compressor.staticfiles.StaticStorage"},
}
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
WHITENOISE_USE_FINDERS = DEBUG

FILE_UPLOAD_HANDLERS = ["jobs.storage.upload_handler.NoFiles"]  # but where a view takes a video
FILE_UPLOAD_TEMP_DIR = MEDIA_ROOT / "incoming"
FILE_UPLOAD_PERMISSIONS = 0o600  # whatever the umask

globals().update(MAIL)  # EMAIL_HOST and what else Django calls it
# A link in a mail names this host, and not the one that was asked for: who asks may name any that is allowed.
HOST_IN_MAILS = next((host for host in NAMED_HOSTS if host[0] not in ".*"), "")
PASSWORD_RESET = bool(HOST_IN_MAILS) and MAIL["EMAIL_HOST"] is not None

AUTHENTICATION_BACKENDS = ["jobs.sign_in.Limit", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "jobs.problems.csrf_failure"
SESSION_COOKIE_AGE = 90 * 24 * 3600
SECURE_CROSS_ORIGIN_OPENER_POLICY = None  # plain http on a home network is a supported way to run

LANGUAGE_CODE = "en"
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "compressor.log_lines.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s%(request_id)s %(message)s",
        }
    },
    "filters": {
        "request_id": {"()": "compressor.request_id.RequestIdFilter"},
        "defects": {"()": "compressor.server.access_log.Defects"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR", "filters": ["defects"]},
        "django.security": {"level": "CRITICAL"},  # in the access log as 4xx; anybody can cause it
        "jobs": {"level": "INFO"},
        "compressor": {"level": "INFO"},
    },
}
