"""The one router of evidence, and what its routes ask of a token."""

from ninja import Router

from vertebra.accounts.api import Bearer
from vertebra.accounts.permissions import Right

router = Router()
READ = Bearer(Right.READ, "read")
TAKE_PART = Bearer(Right.TAKE_PART, "write")
IMPORT = Bearer(Right.IMPORT, "import")
