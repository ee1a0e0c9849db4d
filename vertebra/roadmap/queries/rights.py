"""Who may change what of the roadmap."""

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.roadmap.models import Initiative


def may_change(user: User, initiative: Initiative) -> bool:
    """Whether this person may change an initiative: its lead, Product Ops, contributors."""
    if may(user, Right.EDIT_ORGANISATION):
        return True
    lead = initiative.lead
    return lead is not None and lead.user_id == user.pk and may(user, Right.TAKE_PART)
