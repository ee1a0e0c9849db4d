"""Settings of the tests: a data folder of their own, a fixed moment, no mail that leaves."""

import os
import tempfile

os.environ["VERTEBRA_DATA"] = tempfile.mkdtemp(prefix="vertebra-tests-")
# One for all processes of a run: what the company of one of them holds sealed, the others read.
os.environ.setdefault("VERTEBRA_SECRET_KEY", "known-to-whoever-reads-the-tests-and-of-no-use-elsewhere")
os.environ.setdefault("VERTEBRA_NOW", "2026-11-02T09:00:00+01:00")
os.environ.setdefault("VERTEBRA_EMAIL_BACKEND", "django.core.mail.backends.locmem.EmailBackend")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
os.environ["VERTEBRA_TIME_ZONE"] = "Europe/Paris"

from vertebra.settings import *

# Each client of a test makes its own middleware: no file of ours is looked up before one is asked for.
WHITENOISE_AUTOREFRESH = True
