"""The audit: what was changed, by whom, with what it was before, and taking it back."""

from vertebra.accounts.audit.undoing import UNDO_FOR, CannotUndo, may_undo, undo, why_not_undoable
from vertebra.accounts.audit.writing import RowChange, Tracker, record

__all__ = [
    "UNDO_FOR",
    "CannotUndo",
    "RowChange",
    "Tracker",
    "may_undo",
    "record",
    "undo",
    "why_not_undoable",
]
