"""Run inside a served instance: prints every page as JSON, the usual ones apart, with a session for each who may see it."""

import json
import re
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402

from tests.architecture.addresses import addresses  # noqa: E402
from tests.architecture.samples import Samples, accounts, browser  # noqa: E402
from vertebra.accounts.labels import Role  # noqa: E402

NOBODY = "nobody"
# What the navigation leads to, and one object of each kind; a form or a part of an object is neither.
USUAL = re.compile(r"(/[a-z-]+)*/(<int:\w+>/)?")
FORMS = re.compile(r"/(new|create|links|file|files|import|paste|gathering)/$")


def main() -> None:
    users = accounts()
    samples = Samples(users)
    clients = {NOBODY: browser()} | {
        who: browser(users[who]) for who in (Role.ADMINISTRATOR, Role.PRODUCT_OPS)
    }
    pages: list[tuple[str, str]] = []
    usual: list[str] = []
    for address in addresses():
        who = NOBODY if address.reason else Role.PRODUCT_OPS
        who = Role.ADMINISTRATOR if address.right == "administer" else who
        path = samples.path(address, users.get(who))
        found = clients[who].get(path)
        # Parts have no life of their own: they are looked at in the pages that hold them.
        if found.status_code in {200, 410} and b"<html" in getattr(found, "content", b""):
            pages.append((str(who), path))
            if who == Role.PRODUCT_OPS and USUAL.fullmatch(address.route) and not FORMS.search(address.route):
                usual.append(path)
    pages += [(str(Role.PRODUCT_OPS), "/nothing/here/"), (str(Role.PRODUCT_OPS), "/search/?q=facture")]
    name = settings.SESSION_COOKIE_NAME
    sessions = {str(who): clients[who].cookies[name].value for who in clients if name in clients[who].cookies}
    json.dump({"cookie": name, "sessions": sessions, "pages": pages, "usual": usual}, sys.stdout)


main()
