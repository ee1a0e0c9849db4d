"""Run inside a served instance: prints its pages as JSON, with a session for each who may see them.

Told "usual", it opens every second of the usual pages; told "every", all there are.
"""

import json
import re
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402

from tests.architecture.addresses import Address, addresses  # noqa: E402
from tests.architecture.samples import Samples, accounts, browser  # noqa: E402
from vertebra.accounts.labels import Role  # noqa: E402

NOBODY = "nobody"
# What the navigation leads to, and one object of each kind; a form or a part of an object is neither.
USUAL = re.compile(r"(/[a-z-]+)*/(<int:\w+>/)?")
FORMS = re.compile(r"/(new|create|links|file|files|import|paste|gathering)/$")


def who_opens(address: Address) -> str:
    """Who gets furthest into a page."""
    if address.right == "administer":
        return str(Role.ADMINISTRATOR)
    return NOBODY if address.reason else str(Role.PRODUCT_OPS)


def is_usual(address: Address) -> bool:
    is_looked_at = USUAL.fullmatch(address.route) and not FORMS.search(address.route)
    return bool(is_looked_at) and who_opens(address) == Role.PRODUCT_OPS


def main(which: str) -> None:
    users = accounts()
    samples = Samples(users)
    clients = {NOBODY: browser()} | {
        who: browser(users[who]) for who in (Role.ADMINISTRATOR, Role.PRODUCT_OPS)
    }
    pages: list[tuple[str, str]] = []
    looked_at = list(addresses())
    if which == "usual":
        looked_at = [address for address in looked_at if is_usual(address)][::2]
    for address in looked_at:
        who = who_opens(address)
        path = samples.path(address, users.get(who))
        found = clients[who].get(path)
        # Parts have no life of their own: they are looked at in the pages that hold them.
        if found.status_code in {200, 410} and b"<html" in getattr(found, "content", b""):
            pages.append((who, path))
    if which == "every":
        pages += [(str(Role.PRODUCT_OPS), path) for path in ("/nothing/here/", "/search/?q=facture")]
    name = settings.SESSION_COOKIE_NAME
    sessions = {str(who): clients[who].cookies[name].value for who in clients if name in clients[who].cookies}
    json.dump({"cookie": name, "sessions": sessions, "pages": pages}, sys.stdout)


main(sys.argv[1])
