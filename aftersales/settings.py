"""All settings, read from the environment once, typed; a value that cannot be used stops the start with one sentence.

Three modes, chosen by DESK_MODE:
- `embedded` (default): one machine, SQLite under DATA_DIR unless DATABASE_URL says otherwise, keys made on first start;
- `production`: everything from the environment, nothing assumed, see docker-compose.yml and .env.example;
- `test`: what pytest runs with (fast hasher, no TOTP), see tests/plugin.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django_stubs_ext

from aftersales import environment, logs

django_stubs_ext.monkeypatch()  # before anything is imported that writes ModelAdmin[…] or ModelForm[…]

env = environment.Given()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- What kind of house this is ---

MODE = environment.choice("DESK_MODE", env.str("DESK_MODE", default="embedded"), ("embedded", "production", "test"))
PRODUCTION = MODE == "production"
TESTING = MODE == "test"
# The demo makes three people with a known password and shows what was mailed; it must never meet real customers.
DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
if PRODUCTION and (DEMO or DEBUG):
    raise environment.BadEnvironment(
        "DEMO and DEBUG are for one machine only. Unset both where DESK_MODE is production."
    )

DATA_DIR = environment.data_folder(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
if PRODUCTION:
    SECRET_KEY = environment.required_secret("SECRET_KEY")  # sessions, CSRF, password resets
    LINK_KEY = environment.required_secret("LINK_KEY")  # signed links to files and claim links
    LOOKUP_KEY = environment.required_secret("LOOKUP_KEY")  # keyed hashes of contacts and claim codes
    environment.different(SECRET_KEY=SECRET_KEY, LINK_KEY=LINK_KEY, LOOKUP_KEY=LOOKUP_KEY)
else:
    SECRET_KEY = environment.kept_secret("SECRET_KEY", DATA_DIR / "keys")
    LINK_KEY = environment.kept_secret("LINK_KEY", DATA_DIR / "keys")
    LOOKUP_KEY = environment.kept_secret("LOOKUP_KEY", DATA_DIR / "keys")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])

# --- Where it is reached ---

# The address customers and staff type, without a slash at the end; links in mail start with it.
_HERE = f"http://127.0.0.1:{env.str('PORT', default='8000')}"  # the supervisor says what is wrong with a bad port
SITE_URL = env.str("SITE_URL", default="" if PRODUCTION else _HERE).rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL] if SITE_URL else [])
# How many proxies in front may be believed about the caller's address (X-Forwarded-For, counted from the right).
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

ROOT_URLCONF = "aftersales.urls"
WSGI_APPLICATION = "aftersales.wsgi.application"

INSTALLED_APPS = [
    "aftersales.kernel",
    "aftersales.ledger",
    "aftersales.accounts",
    "aftersales.files",
    "aftersales.notices",
    "aftersales.search",
    "customers",
    "tickets",
    "returns",
    "aftersales.portal",
    "aftersales.desk",
    "aftersales.office.apps.OfficeConfig",
    "aftersales.api",
    "aftersales.supervisor",
    "aftersales.office.apps.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "aftersales.kernel.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "aftersales.health.middleware.ProbeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "aftersales.accounts.sessions.StaffSessionMiddleware",
    "aftersales.accounts.secondfactor.SecondFactorMiddleware",
    "aftersales.accounts.middleware.ActorMiddleware",
    "aftersales.kernel.nul.NulMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database: the only truth ---

if PRODUCTION and "DATABASE_URL" not in env:
    raise environment.BadEnvironment("DATABASE_URL is not set. Set it to postgres://user:password@host:5432/name.")
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'desk.sqlite3'}")
}
_database = DATABASES["default"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Milliseconds; 0 means no limit. The compose file gives web and workers short ones, commands run without.
_statement_timeout = env.int("DB_STATEMENT_TIMEOUT_MS", default=0)
_lock_timeout = env.int("DB_LOCK_TIMEOUT_MS", default=5_000)
if _database["ENGINE"] == "django.db.backends.postgresql":
    _database["ENGINE"] = "aftersales.kernel.postgres"
    _database["CONN_MAX_AGE"] = env.int("DB_CONN_MAX_AGE", default=600)
    _database["CONN_HEALTH_CHECKS"] = True
    # False where a pooler hands out another connection with each transaction (PgBouncer).
    DB_PLANS_AHEAD = env.bool("DB_PLANS_AHEAD", default=True)
    _database.setdefault("OPTIONS", {}).update(
        connect_timeout=3,
        options=f"-c statement_timeout={_statement_timeout} -c lock_timeout={_lock_timeout}"
        # Compiling a statement takes a second where running it takes a millisecond: lists join many small tables.
        " -c idle_in_transaction_session_timeout=10000 -c jit=off"
        # What is planned ahead (`kernel/planned.py`) is planned once, not five times before.
        " -c plan_cache_mode=force_generic_plan"
        # A page read at random costs about what the next one does: with the spinning disk of the default, the search for one
        # character in a million tickets reads the whole table in place of its index.
        " -c random_page_cost=1.1",
    )
elif _database["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock at BEGIN and so can wait for it; the default fails "locked" at the first write.
    _database.setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;",
    )
else:
    raise environment.BadEnvironment(f"DATABASE_URL names {_database['ENGINE']}. Use postgres:// or sqlite:///.")

# --- Redis: a bell and a counter, nothing of value ---

REDIS_URL = env.str("REDIS_URL", default="")
if PRODUCTION and not REDIS_URL:
    raise environment.BadEnvironment("REDIS_URL is not set. Set it to redis://:password@host:6379/0.")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "aftersales.kernel.cache.SteadyCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "desk",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1, "health_check_interval": 10},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Without Redis (a command run by hand) the bell rings in memory and nobody hears; the next sweep finds the row anyway.
CELERY_BROKER_URL = env.str(
    "CELERY_BROKER_URL", default=environment.celery_broker(REDIS_URL) if REDIS_URL else "memory://"
)
# Whether a commit wakes the workers at once. Tests sweep by hand, so that they see each step.
DOORBELL = env.bool("DOORBELL", default=bool(REDIS_URL) and not TESTING)
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 2, "socket_connect_timeout": 1, "health_check_interval": 10}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_ACKS_LATE = False  # a task carries nothing: what it would have done is still due in its row
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "sweep"
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_TASK_TIME_LIMIT = 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kilobytes
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
# Fixed, in code, and safe to run by two beats at once: a pass that finds nothing due returns in milliseconds.
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "aftersales.ledger.jobs.sweep", "schedule": 1.0},
    "mail": {"task": "tickets.jobs.fetch_mail", "schedule": 20.0},
}

# --- People and sessions ---

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["aftersales.accounts.backend.AccountBackend"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
)
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Whether staff without a second factor are sent to set one up before anything else.
STAFF_TOTP_REQUIRED = env.bool("STAFF_TOTP_REQUIRED", default=PRODUCTION)

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_ADAPTER = "aftersales.accounts.adapter.StaffAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "50/h/ip", "login_failed": "50/h/ip,5/15m/key"}
MFA_ADAPTER = "aftersales.accounts.secondfactor.SecondFactors"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are typed in by a manager, not by a visitor
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = env.str("SHOP_NAME", default="After-sales desk")
MFA_RECOVERY_CODES_SHOW_ONCE = True

SESSION_ENGINE = "aftersales.accounts.session_store"
SESSION_COOKIE_NAME = "desk_session"
SESSION_COOKIE_AGE = 10 * 60 * 60  # seconds: the longest working day; idle limits are the middleware's
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "desk_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # the token is also in a meta tag; htmx sends it as a header
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION

# --- What the browser is told ---

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = 63_072_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
# Preloading binds every host of the domain for years; that is for the domain's owner to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

# --- Limits on what comes in ---

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576  # bytes, files not counted
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500  # an inspection has nine fields a line, and a request up to fifty lines
# More photos than may be attached at once (six) still arrive, so that the form can say so and keep every word.
DATA_UPLOAD_MAX_NUMBER_FILES = 100
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # bytes; larger files go to a temporary file
UPLOAD_MAX_FILE_BYTES = 8 * 1_048_576
UPLOAD_MAX_PIXELS = 25_000_000
UPLOAD_MAX_SIDE = 10_000  # pixels
UPLOAD_STORED_SIDE = 2_560  # pixels, longest side after re-encoding
UPLOAD_MAX_DOCUMENT_BYTES = 10 * 1_048_576
UPLOAD_MAX_CLIP_BYTES = 20 * 1_048_576  # sound and video
UPLOAD_MAX_MAILED_BYTES = (
    15 * 1_048_576
)  # in one e-mail of ours; many servers refuse more than 20 MB, a third is encoding
UPLOAD_MAX_TICKET_BYTES = 60 * 1_048_576
FILE_UPLOAD_PERMISSIONS = 0o640
CHAT_MOST_BYTES = 28 * 1_048_576  # of one call: a clip, a third more for its encoding, and words
CHAT_CALLS_A_MINUTE = env.int("CHAT_CALLS_A_MINUTE", default=600)  # of one account of a chat tool
MAIL_MAX_BYTES = env.int("MAIL_MAX_BYTES", default=25 * 1_048_576)  # of one mail; a larger one leaves its header only
MEDIA_ROOT = DATA_DIR / "files"  # never served by URL; aftersales.files streams what the actor may see

# --- Words, time, place ---

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]  # each in its own words, whatever the page speaks
LANGUAGE_COOKIE_NAME = "desk_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
SHOP_TIME_ZONE = env.str("SHOP_TIME_ZONE", default="Asia/Shanghai")
SHOP_NAME = env.str("SHOP_NAME", default="")
SHOP_CURRENCY = env.str("SHOP_CURRENCY", default="CNY")

# --- Static files ---

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "aftersales.kernel.joined.JoinedFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")) if PRODUCTION else None
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "aftersales.files.disk.DurableStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
        # Uploads are for one account alone; these are gathered by root, and served by another.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
# On one machine the files are served from where they lie: `collectstatic` would take half a minute of the first start.
WHITENOISE_USE_FINDERS = not PRODUCTION
if TESTING:
    WHITENOISE_AUTOREFRESH = True  # every client of a test is a server of its own, and would list all files first
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else's page has a use for them

# --- Mail and SMS ---

# The mailbox keeps what would be sent and shows it at /mailbox/, codes included: for a demo on one machine.
MAILBOX = env.bool("MAILBOX", default=DEMO)
if PRODUCTION and MAILBOX:
    raise environment.BadEnvironment(
        "MAILBOX shows customers' mail to whoever asks. Unset it where DESK_MODE is production."
    )
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    default="aftersales.notices.mailbox.MailboxBackend" if MAILBOX else "aftersales.notices.channels.smtp.SmtpBackend",
)
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = environment.given_secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="desk@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Reminders of the shop's own accord keep out of these hours, on the shop's wall clock.
QUIET_HOURS = environment.hours("QUIET_HOURS", env.str("QUIET_HOURS", default="21:00-08:00"))
# Messages of the shop's own accord to one person within 30 days, over all plans. Service notices do not count.
CARE_MOST = env.int("CARE_MOST", default=2)
# Gifts that one customer is given within a year.
GIFTS_MOST = env.int("GIFTS_MOST", default=2)

# --- How long what grows old by itself is kept, in days (docs/privacy.md) ---

KEEP_DAYS: dict[str, int] = {
    "answers": 7,  # to requests with an idempotency key: the key is good as long
    "codes": 1,  # of proofs and links, from their end on
    "proof_attempts": 2,  # no limit looks back further than a day
    "return_drafts": 30,  # from the last change on
    "inbox": 30,  # the words of a message from outside; its number stays, so that it is known again
    "outbox": 30,  # words that were not forgotten when they were sent
    "tracking_reports": 90,  # the words of a carrier
    "import_reports": 90,  # rows of a file that could not be read
    "blocks": 365,  # of senders, from their end on
    "mailbox": 7,  # of the demo
}
KEEP_DAYS |= environment.periods("KEEP_DAYS", env.str("KEEP_DAYS", default=""), known=KEEP_DAYS)

SMS_GATEWAY = environment.choice(
    "SMS_GATEWAY", env.str("SMS_GATEWAY", default="console"), ("console", "aliyun", "tencent")
)
_SMS_ENDPOINTS = {"tencent": "https://sms.tencentcloudapi.com"}
SMS_ENDPOINT = env.str("SMS_ENDPOINT", default=_SMS_ENDPOINTS.get(SMS_GATEWAY, "https://dysmsapi.aliyuncs.com")).rstrip(
    "/"
)
SMS_SDK_APP_ID = env.str("SMS_SDK_APP_ID", default="")  # Tencent only
SMS_REGION = env.str("SMS_REGION", default="ap-guangzhou")  # Tencent only
SMS_ACCESS_KEY_ID = env.str("SMS_ACCESS_KEY_ID", default="")
SMS_ACCESS_KEY_SECRET = environment.given_secret("SMS_ACCESS_KEY_SECRET")
SMS_SIGN_NAME = env.str("SMS_SIGN_NAME", default="")  # as registered with the carrier
# Our template and language to the carrier's code: {"proof.code:zh-hans": "SMS_123456789"}; for Tencent with the order of its
# variables behind it: {"proof.code:zh-hans": "1234567:code,minutes"}
SMS_TEMPLATE_CODES: dict[str, str] = environment.table("SMS_TEMPLATE_CODES")
# What the address ends with under which a carrier hands over answers by SMS; one without a secret has no address.
SMS_REPLY_SECRETS = {
    carrier: environment.address_secret(f"SMS_REPLY_{carrier.upper()}_SECRET")
    for carrier in ("aliyun", "tencent", "generic")
}
# What carriers' reports are signed with, by source; a source without a secret is refused.
TRACKING_SECRETS = {
    source: environment.given_secret(f"TRACKING_{source.upper()}_SECRET")
    for source in ("generic", "kuaidi100", "kdniao")
}
# Parcels that no push has told of for so many hours are asked for at kuaidi100, so many a day at most. Off without a key.
TRACKING_ASK_KEY = environment.given_secret("TRACKING_ASK_KEY")
TRACKING_ASK_CUSTOMER = env.str("TRACKING_ASK_CUSTOMER", default="")
TRACKING_ASK_AFTER = environment.length_of_hours(
    "TRACKING_ASK_HOURS", env.str("TRACKING_ASK_HOURS", default="12"), least=1
)
TRACKING_ASK_A_DAY = env.int("TRACKING_ASK_A_DAY", default=500)
TRACKING_ASK_URL = env.str("TRACKING_ASK_URL", default="https://poll.kuaidi100.com/poll/query.do")
# `host:port` of receivers in our own network that webhooks may call; everything private is refused otherwise.
OUTBOUND_ALLOWED: list[str] = env.list("OUTBOUND_ALLOWED", default=[])
# How many sends at once and in a second one far side is given, over all workers. A far side is a channel or one webhook.
# Tests send as fast as they can, except those about this.
SEND_LIMITS = environment.send_limits(
    "SEND_LIMITS", env.str("SEND_LIMITS", default="" if TESTING else "*=8/50 kuaidi100=1/1")
)

# --- API ---

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["aftersales.kernel.deny.DenyAll"],  # each view says who may; silence is no
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "aftersales.kernel.rest.problem",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# How often one key, person or session may ask (DRF's notation).
API_RATES = {"read": env.str("API_READ_RATE", default="60/min"), "write": env.str("API_WRITE_RATE", default="20/min")}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "After-sales desk API",
    "VERSION": "1",
    "DESCRIPTION": "Orders, tickets, complaints, returns, verdicts. Every change is a noun that is posted; see docs/api.md.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],  # it holds no data
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "aftersales.api.schema.same_on_every_database",
    ],
    "ENUM_NAME_OVERRIDES": {
        "Payer": "returns.rules.verdict.PAYERS",
        "Remedy": "returns.rules.verdict.REMEDIES",
        "Cause": "returns.rules.verdict.FAULTS",
        "ReturnKind": "returns.models.Return.Kind",
        "ReturnStatus": "returns.models.Return.Status",
        "RefundStatus": "returns.models.Refund.Status",
        "RuleStatus": "returns.models.RuleVersion.Status",
        "RefundComponentKind": "returns.models.RefundComponent.Kind",
        "OrderStatus": "customers.models.Order.Status",
        "TicketKind": "tickets.models.Ticket.Kind",
        "TicketStatus": "tickets.models.Ticket.Status",
        "OpenedByHand": "aftersales.api.serializers.ticket_bodies.KINDS",
        "NoteChannel": "aftersales.api.serializers.ticket_bodies.NOTE_CHANNELS",
        "MessageChannel": "tickets.models.Message.Channel",
        "ApologyChannel": "aftersales.api.serializers.complaint_bodies.SPOKEN_CHANNELS",
        "AskedBy": "aftersales.api.serializers.complaint_bodies.ASKED_BY",
        "DecidedFault": "aftersales.api.serializers.complaint_bodies.DECIDED",
        "SatisfactionStage": "tickets.models.Satisfaction.Stage",
        "ComplaintFault": "tickets.models.Complaint.Fault",
        "StageEnum": "returns.models.Verdict.Stage",
        "TrackingStatus": "customers.models.shipment.TrackingStatus",
        "StateEnum": "tickets.models.Clock.State",
        "VisitState": "tickets.models.Visit.State",
        "VisitChannel": "tickets.models.Visit.Channel",
        "VisitOutcome": "tickets.models.Visit.Outcome",
        "VisitCalledOff": "tickets.models.Visit.Why",
        "VisitResult": "aftersales.api.serializers.visits.RESULTS",
        "VisitTryResult": "tickets.models.VisitTry.Result",
        "VisitQuestionKind": "tickets.models.VisitQuestion.Kind",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Metrics ---

METRICS_TOKEN = environment.given_secret("METRICS_TOKEN")  # without it /metrics does not exist in production

# --- Logs: one JSON line per event, readable lines on a terminal ---

LOG_FORMAT = environment.choice(
    "LOG_FORMAT", env.str("LOG_FORMAT", default="json" if PRODUCTION else "lines"), ("json", "lines")
)
LOGGING: dict[str, Any] = logs.logging_config(LOG_FORMAT, env.str("LOG_LEVEL", default="INFO"))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # aftersales/accounts/logged.py names the address
