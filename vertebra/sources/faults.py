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
# What is said otherwise where releases are read.
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
