"""Every setting of Vertebra, read from `VERTEBRA_*` variables, `PORT` and `DATABASE_URL`."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from vertebra.kit.env import data_folder, database, env, fixed_now, secret_key, version

VERSION = version()
PACKAGE = Path(__file__).resolve().parent
DATA = data_folder()
SECRET_KEY = secret_key(DATA)
DEBUG = env.bool("VERTEBRA_DEBUG", False)
FIXED_NOW = fixed_now()
PUBLIC_URL = env.str("VERTEBRA_PUBLIC_URL", f"http://127.0.0.1:{env.int('PORT', 8000)}").rstrip("/")
ALLOWED_HOSTS = env.list(
    "VERTEBRA_ALLOWED_HOSTS",
    ["localhost", "127.0.0.1", "[::1]", urlsplit(PUBLIC_URL).hostname or "localhost"],
)
METRICS_TOKEN = env.str("VERTEBRA_METRICS_TOKEN", "")
# Hosts and networks that feeds of metrics may read although they are private; where database files may lie;
# dashboards of which sites may be shown inside Vertebra.
PRIVATE_HOSTS: list[str] = env.list("VERTEBRA_PRIVATE_HOSTS", [])
DATABASES_FOLDER = Path(env.str("VERTEBRA_DATABASES", str(DATA / "databases"))).expanduser()
_origins: list[str] = env.list("VERTEBRA_FRAME_ORIGINS", [])
FRAME_ORIGINS = [origin.rstrip("/") for origin in _origins]
# Sites that may show "what is new" inside their own pages.
_widget_origins: list[str] = env.list("VERTEBRA_WIDGET_ORIGINS", [])
WIDGET_ORIGINS = [origin.rstrip("/") for origin in _widget_origins]
MAX_UPLOAD_BYTES = env.int("VERTEBRA_MAX_UPLOAD_MB", 200) * 1024 * 1024

LOG_FORMAT = env.str("VERTEBRA_LOG_FORMAT", "console")
LOGGING_CONFIG = "vertebra.kit.logs.configure"
LOGGING = {
    "format": LOG_FORMAT,
    "level": env.str("VERTEBRA_LOG_LEVEL", "INFO" if LOG_FORMAT == "json" else "WARNING").upper(),
}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "vertebra.kit.template_apps.CottonConfig",
    "vertebra.kit.template_apps.PartialsConfig",
    "vertebra.accounts",  # before allauth, whose pages it gives our look
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "ninja",
    "csp",
    "vertebra.kit",
    "vertebra.sources",
    "vertebra.org",
    "vertebra.measures",
    "vertebra.evidence",
    "vertebra.discovery",
    "vertebra.roadmap",
    "vertebra.practices",
    "vertebra.releases",
    "vertebra.learning",
    "vertebra.reviews",
    "vertebra.web",
    "vertebra.demo",
]

MIDDLEWARE = [
    "vertebra.kit.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "vertebra.kit.sizes.BodySize",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "vertebra.accounts.middleware.Preferences",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "vertebra.kit.parts.VaryByPart",
    "vertebra.kit.addresses.NumbersOfRows",
    "vertebra.kit.once.SentOnce",
]

ROOT_URLCONF = "vertebra.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "vertebra.web.context.shell",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "vertebra.kit.template_cache.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "vertebra.kit.templatetags.often",
                "vertebra.kit.templatetags.ui",
            ],
        },
    }
]
FORM_RENDERER = "vertebra.kit.forms.FormRenderer"

DATABASES = {"default": database(DATA)}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        # Rate limits live here: nobody may make it forget them by filling it.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"

# Local accounts: by e-mail, through invitation only; the words are the same whether an address is known or not.
ACCOUNT_ADAPTER = "vertebra.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_FORMS = {
    "login": "vertebra.accounts.forms.SignInForm",
    "reset_password": "vertebra.accounts.forms.PasswordResetForm",
    "reset_password_from_key": "vertebra.accounts.forms.NewPasswordForm",
    "change_password": "vertebra.accounts.forms.PasswordChangeForm",
    "reauthenticate": "vertebra.accounts.forms.ConfirmPasswordForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "10/m/ip,3/10m/key",
    "reset_password_from_key": "10/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("VERTEBRA_BEHIND_PROXY", False) else 0
PASSWORD_RESET_TIMEOUT = 60 * 60 * 4
MFA_ADAPTER = "vertebra.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Vertebra"
MFA_TOTP_TOLERANCE = 1
# Addresses are vouched for by the invitation that was sent to them.
MFA_ALLOW_UNVERIFIED_EMAIL = True

LANGUAGE_CODE = env.str("VERTEBRA_LANGUAGE", "fr")
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["vertebra.kit.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("VERTEBRA_TIME_ZONE", "Europe/Paris")

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "vertebra.kit.static_files.VersionedStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 31_536_000
MEDIA_ROOT = DATA / "uploads"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Secure by default: plain HTTP is only served on loopback, or behind a proxy that says it ended TLS.
IS_SECURE = PUBLIC_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("VERTEBRA_BEHIND_PROXY", False) else None
)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "vertebra.kit.pages.form_refused"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "style-src-attr": [NONE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

EMAIL_BACKEND = env.str(
    "VERTEBRA_EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend"
    if env.str("VERTEBRA_SMTP_HOST", "")
    else "django.core.mail.backends.dummy.EmailBackend",
)
EMAIL_HOST = env.str("VERTEBRA_SMTP_HOST", "localhost")
EMAIL_PORT = env.int("VERTEBRA_SMTP_PORT", 25)
EMAIL_HOST_USER = env.str("VERTEBRA_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.str("VERTEBRA_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.bool("VERTEBRA_SMTP_STARTTLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("VERTEBRA_MAIL_FROM", "Vertebra <vertebra@localhost>")
SLACK_API = env.str("VERTEBRA_SLACK_API", "https://slack.com/api").rstrip("/")

# The only ways upward between modules: dotted paths, each list with one signature (see docs/decisions/0002).
PANELS: list[str] = [
    "vertebra.practices.pages.practice_routines.panel",
    "vertebra.practices.pages.adoption_panels.panel",
    "vertebra.practices.pages.unit_checks.panel",
    "vertebra.practices.pages.practice_flow.panel",
    "vertebra.learning.panels.panel",
    "vertebra.practices.panels.panel",
    "vertebra.releases.panels.panel",
]
EMPTY_SPACE_RULES: list[str] = [
    "vertebra.org.rules.candidates",
    "vertebra.roadmap.queries.objectives.candidates",
    "vertebra.releases.queries.desk_gaps.candidates",
]
STRUCTURE_EFFECTS: list[str] = []
METRIC_PROVIDERS: list[str] = [
    "vertebra.measures.queries.requests.FIGURES",
    "vertebra.evidence.providers.FIGURES",
    "vertebra.roadmap.providers.FIGURES",
]
PERSONAL_DATA: list[str] = [
    "vertebra.sources.personal.HOLDING",
    "vertebra.reviews.personal.HOLDING",
    "vertebra.learning.personal.HOLDING",
    "vertebra.releases.personal.HOLDING",
    "vertebra.practices.personal.HOLDING",
    "vertebra.practices.queries.routines_personal.HOLDING",
    "vertebra.roadmap.personal.HOLDING",
    "vertebra.discovery.personal.HOLDING",
    "vertebra.evidence.personal.HOLDING",
    "vertebra.measures.personal.HOLDING",
    "vertebra.org.personal.HOLDING",
    "vertebra.accounts.personal.HOLDING",
]
SEARCH: list[str] = [
    "vertebra.org.actions.index.reindex",
    "vertebra.discovery.actions.charter_index.reindex",
    "vertebra.discovery.actions.help_news.reindex",
    "vertebra.discovery.actions.follow_up.reindex",
    "vertebra.discovery.actions.audit_parts.reindex",
    "vertebra.evidence.actions.index.reindex",
    "vertebra.evidence.actions.incident_parts.reindex",
    "vertebra.roadmap.actions.voices.reindex",
    "vertebra.roadmap.actions.index.reindex",
    "vertebra.practices.actions.index.reindex",
    "vertebra.practices.actions.routine_index.reindex",
    "vertebra.releases.actions.index.reindex",
    "vertebra.learning.actions.index.reindex",
    "vertebra.reviews.actions.index.reindex",
    "vertebra.measures.actions.index.reindex",
]
THREAD: list[str] = [
    "vertebra.reviews.thread.resolve",
    "vertebra.learning.thread.resolve",
    "vertebra.releases.thread.resolve",
    "vertebra.practices.thread.resolve",
    "vertebra.roadmap.thread.resolve",
    "vertebra.discovery.thread.resolve",
    "vertebra.evidence.thread.resolve",
    "vertebra.measures.thread.resolve",
    "vertebra.org.thread.resolve",
]
THREAD_TIES: list[str] = [
    "vertebra.discovery.thread_ties.ties",
    "vertebra.roadmap.thread_ties.ties",
    "vertebra.practices.queries.routine_ties.ties",
    "vertebra.releases.thread_ties.ties",
    "vertebra.reviews.thread_ties.ties",
]
HOME: list[str] = [
    "vertebra.roadmap.home.part",
    "vertebra.practices.home.part",
    "vertebra.practices.pages.routines_home.part",
    "vertebra.practices.pages.adoption_home.part",
    "vertebra.releases.home.part",
    "vertebra.releases.pages.consultation_home.part",
    "vertebra.learning.home.part",
    "vertebra.reviews.home.part",
    "vertebra.discovery.home.part",
    "vertebra.evidence.home.part",
    "vertebra.measures.home.part",
    "vertebra.org.home.part",
    "vertebra.sources.home.part",
]
CHECK_QUESTIONS: list[str] = [
    "vertebra.learning.queries.questions.question_of",
]
FEEDS: list[str] = [
    "vertebra.practices.queries.routine_feeds.ROUTINE",
    "vertebra.practices.queries.routine_feeds.MINE",
    "vertebra.practices.feeds.CHANGES",
    "vertebra.releases.feeds.CALENDAR",
    "vertebra.releases.feeds.AUDIENCE",
    "vertebra.releases.feeds.AREA",
]
