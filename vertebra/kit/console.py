"""What every command has in common: starting Django, answering in words or JSON, and failing in one sentence."""

import errno
import gc
import json
import os
import shutil
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from vertebra.kit.memory import many_objects
from vertebra.kit.refusal import Refusal


def _(sentence: str) -> str:
    """The sentence in the language of the terminal; in English as long as Django is not there."""
    from django.utils.translation import gettext

    try:
        return gettext(sentence)
    except Exception:  # settings that cannot be read, applications that are not loaded
        return sentence


def wants_json() -> bool:
    """Whether whoever called will read the answer with a program."""
    return "--json" in sys.argv


def start() -> None:
    """Load Django and speak the language of the terminal."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vertebra.settings")
    import django
    from django.conf import settings
    from django.utils import translation

    try:
        settings.DEBUG  # noqa: B018 reads every setting
    except (ValueError, LookupError) as error:
        raise Refusal(
            _("A setting cannot be read: %(reason)s.") % {"reason": str(error).rstrip(".")},
            _("docs/operate/configuration.md explains every variable."),
            2,
        ) from error
    with many_objects():
        django.setup()
        gc.freeze()  # programs are not in cycles to look for
    translation.activate(terminal_language())


def terminal_language() -> str:
    """French for a French terminal, English otherwise."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "fr" if said.lower().startswith("fr") else "en"


def answer(facts: dict[str, Any], words: str) -> None:
    """Write the answer: the facts as JSON if asked for, else the words."""
    if wants_json():
        from django.core.serializers.json import DjangoJSONEncoder

        print(json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))  # noqa: T201
    elif words:
        print(words)  # noqa: T201


def say(words: str) -> None:
    """Tell whoever waits at the terminal something beside the answer."""
    print(words, file=sys.stderr, flush=True)  # noqa: T201


def run(command: Callable[[], Any]) -> None:
    """Run a command; what goes wrong is told in a sentence with a remedy, and by the exit code."""
    try:
        command()
    except BrokenPipeError:
        os._exit(0)
    except KeyboardInterrupt:
        _stop(Refusal(_("Stopped."), exit_code=1))
    except Exception as error:
        if os.environ.get("VERTEBRA_DEBUG", "").lower() in {"1", "true", "yes", "on"}:
            raise
        _stop(refusal_of(error))


def _stop(refusal: Refusal) -> NoReturn:
    if wants_json():
        print(json.dumps({"error": refusal.message, "remedy": refusal.remedy}, ensure_ascii=False))  # noqa: T201
    else:
        say(f"vertebra: {refusal}")
    sys.exit(refusal.exit_code)


def refusal_of(error: Exception) -> Refusal:
    """What went wrong, as a sentence and a remedy."""
    if isinstance(error, Refusal):
        return error
    name = type(error).__name__
    if isinstance(error, OSError):
        return _of_the_system(error)
    if name in {"OperationalError", "InterfaceError", "DatabaseError"}:
        return _of_the_database(str(error).strip().splitlines()[0] if str(error).strip() else name)
    return Refusal(
        _("Something went wrong in Vertebra itself (%(reason)s).") % {"reason": f"{name}: {error}"},
        _("Run the same command with VERTEBRA_DEBUG=1 to see where, and report it."),
    )


def _of_the_system(error: OSError) -> Refusal:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno == errno.ENOSPC:
        full = _("The disk is full%(where)s.") % {"where": where}
        return Refusal(full, _("Free some space and run the same command again."))
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return Refusal(
            _("This account may not write there%(where)s: %(reason)s.")
            % {"where": where, "reason": error.strerror},
            _("Give it the right, or choose another folder with VERTEBRA_DATA=/path/to/folder."),
        )
    if error.errno in {errno.ENOTDIR, errno.EEXIST}:
        return Refusal(
            _("There is a file where a folder is needed%(where)s.") % {"where": where},
            _("Choose another folder with VERTEBRA_DATA=/path/to/folder."),
        )
    return Refusal(f"{error.strerror or error}{where}.", _("Check the name, and try again."))


def _is_full() -> bool:
    from django.conf import settings

    return shutil.disk_usage(settings.DATA).free < 1_000_000


def _of_the_database(reason: str) -> Refusal:
    if "full" in reason or ("I/O error" in reason and _is_full()):
        return Refusal(
            _("The disk is full."), _("Free some space and run the same command again; nothing was lost.")
        )
    if "no such table" in reason or "does not exist" in reason:
        return Refusal(
            _("The database is not up to date: %(reason)s.") % {"reason": reason}, _("Run: vertebra migrate")
        )
    if "locked" in reason:
        return Refusal(_("Another program holds the database."), _("Try again when it has finished."))
    return Refusal(
        _("The database does not answer: %(reason)s.") % {"reason": reason},
        _("Check DATABASE_URL, or the data folder of VERTEBRA_DATA, and that its server runs."),
    )
