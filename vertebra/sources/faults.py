"""Words of what can be wrong with an outside system: what, and what to do about it."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vertebra.connectors.faults import Fault

# What any system reached over the web can answer, or not.
WEB: dict[Fault, tuple[Promise, Promise]] = {
    Fault.ADDRESS_INVALID: (
        _("“%(address)s” is not a web address that can be read."),
        _("Give an address that begins with https:// and carries no password."),
    ),
    Fault.ADDRESS_PRIVATE: (
        _("“%(host)s” stands on a private network."),
        _("If it is meant, an administrator names the host in the setting VERTEBRA_PRIVATE_HOSTS."),
    ),
    Fault.HOST_UNKNOWN: (_("Nobody knows the host “%(host)s”."), _("Check how the address is written.")),
    Fault.NO_ANSWER: (
        _("“%(host)s” does not answer (%(detail)s)."),
        _("It is asked again later, by itself. Check that the service is running."),
    ),
    Fault.NOT_ALLOWED: (
        _("“%(host)s” refuses to answer (%(status)s)."),
        _("Replace the token of the connection, or ask for the right to read."),
    ),
    Fault.NOT_THERE: (
        _("There is nothing at this address on “%(host)s” (%(status)s)."),
        _("Correct the address."),
    ),
    Fault.BAD_STATUS: (
        _("“%(host)s” answered with an error (%(status)s)."),
        _("It is asked again later, by itself."),
    ),
    Fault.TOO_MANY_REDIRECTS: (
        _("“%(host)s” sends from one address to the next without end."),
        _("Give the last address."),
    ),
    Fault.NOT_JSON: (_("The answer of “%(host)s” is no JSON."), _("Give an address that answers with JSON.")),
    Fault.UNFORESEEN: (
        _("Something went wrong in Vertebra itself (%(detail)s)."),
        _("It is tried again later, by itself; an administrator finds more in the log."),
    ),
    Fault.ADDRESS_OPEN: (
        _("“%(address)s” is not encrypted: a token sent there could be read on the way."),
        _("Give an address that begins with https://."),
    ),
    Fault.THROTTLED: (
        _("“%(host)s” was asked too often and wants to be left alone for %(seconds)s seconds."),
        _("It is asked again later, by itself."),
    ),
    Fault.MOVED: (
        _("What is asked for has moved to another place on “%(host)s”."),
        _("Look up its new address or name there, and choose it again."),
    ),
    Fault.ANSWER_STRANGE: (
        _("“%(host)s” answers, but not as such a system does."),
        _("Check the address: it is that of the system itself, not of one of its pages."),
    ),
}
# What is said otherwise of connected systems.
SOURCES: dict[Fault, tuple[Promise, Promise]] = {
    **WEB,
    Fault.TOO_LARGE: (
        _("The answer is larger than %(megabytes)s MB."),
        _("Take fewer projects or repositories."),
    ),
    Fault.TOO_SLOW: (
        _("“%(host)s” took longer than %(seconds)s seconds and was stopped."),
        _("It is asked again later, by itself."),
    ),
    Fault.CHOICE_REFUSED: (
        _(
            "“%(host)s” refuses what is asked for: a project that was chosen is gone, or closed to this account."
        ),
        _("Choose again what is taken, or have the account let in."),
    ),
    Fault.KEY_LOST: (
        _("The people of this source are known by a key that was sealed with another secret key."),
        _("Put back the secret.key of that time, or remove the source and connect it anew."),
    ),
    Fault.NO_ROOM: (
        _(
            "What was read could not be kept: the disk of the server is full, or its data folder cannot be written."
        ),
        _("Make room; it is read again later, by itself."),
    ),
    Fault.LIBRARY_MISSING: (
        _("The history of work items needs %(name)s, which is not installed."),
        _("An administrator installs requirements/analytics.txt; see the chapter on installing."),
    ),
    Fault.CONNECTION_GONE: (
        _("What opens this source is gone, or was sealed with another key."),
        _("Give its token again."),
    ),
}


class _Particulars(dict[str, Any]):
    """A sentence with a name that nobody filled in is still better than none."""

    def __missing__(self, key: str) -> str:
        return "?"


def filled(sentence: Promise, particulars: Mapping[str, Any]) -> str:
    """A sentence with its particulars."""
    return str(sentence) % _Particulars(particulars)


def told(code: str, particulars: Mapping[str, Any]) -> str:
    """What is wrong with a source and what to do about it, in words."""
    fault = Fault(code) if code in set(Fault) else Fault.UNFORESEEN
    what, remedy = SOURCES.get(fault, SOURCES[Fault.UNFORESEEN])
    return f"{filled(what, particulars)} {filled(remedy, particulars)}"
