"""The one router of ways of working, and what its routes ask of a token."""

from ninja import Router

from vertebra.accounts.api import Bearer
from vertebra.accounts.permissions import Right

router = Router(tags=["practices"])
READ = Bearer(Right.READ, "read")
TAKE_PART = Bearer(Right.TAKE_PART, "write")
EDIT = Bearer(Right.EDIT_ORGANISATION, "write")
