"""The one router of the roadmap, and what its routes ask of a token."""

from ninja import Router

from vertebra.accounts.api import Bearer
from vertebra.accounts.permissions import Right

router = Router(tags=["roadmap"])
READ = Bearer(Right.READ, "read")
TAKE_PART = Bearer(Right.TAKE_PART, "write")
EDIT = Bearer(Right.EDIT_ORGANISATION, "write")
IMPORT = Bearer(Right.IMPORT, "import")
