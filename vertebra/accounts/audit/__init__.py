"""The audit: what was changed, by whom, with what it was before, and taking it back."""

from vertebra.accounts.audit.undoing import UNDO_FOR, CannotUndo, may_undo, undo, why_not_undoable
from vertebra.accounts.audit.writing import Fields, RowChange, Tracker, plain, record
from vertebra.accounts.labels import Kind

__all__ = [
    "UNDO_FOR",
    "CannotUndo",
    "Fields",
    "Kind",
    "RowChange",
    "Tracker",
    "may_undo",
    "plain",
    "record",
    "undo",
    "why_not_undoable",
]
