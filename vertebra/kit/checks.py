"""What may be wrong with an instance, each with its remedy (Django system checks W001 to W010)."""

import stat
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.kit import clock

TAG = "vertebra"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _public_host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or ""


@register(TAG)
def mail_is_configured(**kwargs: Any) -> list[CheckMessage]:
    """Without a mail server, invitations and notices stay inside Vertebra."""
    if not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return []
    hint = _("Set VERTEBRA_SMTP_HOST (and VERTEBRA_MAIL_FROM): until then invitations are links to copy.")
    return [
        Warning(_("No mail server is configured: nothing is sent by mail."), hint=hint, id="vertebra.W001")
    ]


@register(TAG)
def debug_is_off(**kwargs: Any) -> list[CheckMessage]:
    """Debugging shows the inside of the program to whoever causes an error."""
    if not settings.DEBUG:
        return []
    return [Warning(_("Debugging is on."), hint=_("Unset VERTEBRA_DEBUG."), id="vertebra.W002")]


@register(TAG)
def data_folder_is_private(**kwargs: Any) -> list[CheckMessage]:
    """Nobody else on the machine should read the data."""
    if not settings.DATA.exists() or not settings.DATA.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return []
    hint = _("Run: %(command)s") % {"command": f"chmod 700 {settings.DATA}"}
    return [
        Warning(_("Other accounts of this machine can read the data folder."), hint=hint, id="vertebra.W003")
    ]


@register(TAG)
def secret_key_is_private(**kwargs: Any) -> list[CheckMessage]:
    """The secret key signs sessions and encrypts what connectors need."""
    key = settings.DATA / "secret.key"
    if key.exists() and key.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        hint = _("Run: %(command)s") % {"command": f"chmod 600 {key}"}
        return [
            Error(_("Other accounts of this machine can read the secret key."), hint=hint, id="vertebra.E004")
        ]
    if len(settings.SECRET_KEY) < 32:
        hint = _("Set VERTEBRA_SECRET_KEY to 50 random characters, or unset it: Vertebra makes one.")
        return [Error(_("The secret key is too short to be safe."), hint=hint, id="vertebra.E005")]
    return []


@register(TAG)
def public_address_is_allowed(**kwargs: Any) -> list[CheckMessage]:
    """The address that messages carry must be one that Vertebra answers to."""
    host = _public_host()
    allowed = settings.ALLOWED_HOSTS
    if host in {name.strip("[]") for name in allowed} or "*" in allowed:
        return []
    if any(name.startswith(".") and f".{host}".endswith(name) for name in allowed):
        return []
    hint = _("Set VERTEBRA_ALLOWED_HOSTS=%(host)s (or correct VERTEBRA_PUBLIC_URL).") % {"host": host}
    said = _("Vertebra does not answer to its own public address %(host)s.") % {"host": host}
    return [Error(said, hint=hint, id="vertebra.E006")]


@register(TAG)
def public_address_is_encrypted(**kwargs: Any) -> list[CheckMessage]:
    """Passwords must not travel in clear outside this machine."""
    if settings.IS_SECURE or _public_host() in LOOPBACK:
        return []
    hint = _(
        "Put a proxy that ends TLS in front, and set VERTEBRA_PUBLIC_URL=https://… and VERTEBRA_BEHIND_PROXY=true."
    )
    return [Warning(_("The public address is not encrypted (http)."), hint=hint, id="vertebra.W007")]


@register(Tags.database, TAG)
def worker_was_seen(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Without a worker nothing is sent, imported or looked at again."""
    if not databases:
        return []
    from vertebra.kit.jobs.state import workers

    state = workers(clock.machine())
    if state.alive:
        return []
    said = _("No worker has ever been seen.")
    if state.latest:
        said = _("No worker has been seen since %(moment)s.") % {
            "moment": f"{state.latest:%Y-%m-%d %H:%M} UTC"
        }
    hint = _("Run: vertebra worker (vertebra serve runs one beside the pages).")
    return [Warning(said, hint=hint, id="vertebra.W008")]


@register(Tags.database, TAG)
def nothing_failed(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Jobs that failed wait for somebody to look."""
    if not databases:
        return []
    from vertebra.kit.jobs.state import counts

    failed = counts(clock.machine())["failed"]
    if not failed:
        return []
    hint = _("Open /administration/jobs/?state=failed: each has its reason and a button to start it again.")
    said = ngettext("%(count)d job failed.", "%(count)d jobs failed.", failed) % {"count": failed}
    return [Warning(said, hint=hint, id="vertebra.W009")]


@register(Tags.database, TAG)
def database_is_up_to_date(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The tables must be those of this version."""
    if not databases:
        return []
    from vertebra.kit.database import unapplied

    if not (missing := unapplied()):
        return []
    said = ngettext(
        "The database lacks %(count)d change.", "The database lacks %(count)d changes.", len(missing)
    )
    return [Error(said % {"count": len(missing)}, hint=_("Run: vertebra migrate"), id="vertebra.E010")]


def before_serving(host: str) -> list[CheckMessage]:
    """What whoever starts the server should read now: serious things, and plain HTTP beyond this machine."""
    found = [problem for problem in run_checks(tags=[TAG]) if problem.is_serious()]
    if host not in LOOPBACK and not settings.IS_SECURE:
        hint = _(
            "Others can reach this address: put a proxy that ends TLS in front, or use --host 127.0.0.1."
        )
        said = _("Serving plain HTTP on %(host)s.") % {"host": host}
        found.append(Warning(said, hint=hint, id="vertebra.W007"))
    return found


def everything() -> list[CheckMessage]:
    """All checks, Django's and ours, of settings and of the database."""
    return list(run_checks(databases=["default"], include_deployment_checks=False))


def facts_of(problem: CheckMessage) -> dict[str, Any]:
    """One problem, for a program."""
    level = "error" if problem.is_serious() else "warning"
    return {"id": problem.id, "level": level, "problem": problem.msg, "remedy": problem.hint or ""}


def words_of(problem: CheckMessage) -> str:
    """One problem, for a person."""
    facts = facts_of(problem)
    level = _("Error") if problem.is_serious() else _("Warning")
    return f"{level} {facts['id']}: {facts['problem']}\n    → {facts['remedy']}"
