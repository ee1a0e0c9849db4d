"""The one router of releases, and what its routes ask of a token."""

from ninja import Router

from vertebra.accounts.api import Bearer
from vertebra.accounts.permissions import Right

router = Router(tags=["releases"])
READ = Bearer(Right.READ, "read")
IMPORT = Bearer(Right.IMPORT, "import")
