"""The audit: what was changed, by whom, with what it was before, taking it back, and why nothing was changed."""

from vertebra.accounts.audit.refusals import NothingChanges, Refusal
from vertebra.accounts.audit.undoing import UNDO_FOR, CannotUndo, may_undo, undo, why_not_undoable
from vertebra.accounts.audit.writing import RowChange, Tracker, record

__all__ = [
    "UNDO_FOR",
    "CannotUndo",
    "NothingChanges",
    "Refusal",
    "RowChange",
    "Tracker",
    "may_undo",
    "record",
    "undo",
    "why_not_undoable",
]
