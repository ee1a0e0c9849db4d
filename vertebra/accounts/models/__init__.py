"""Nouns of accounts: who comes in, what was changed, what was sent, what binds objects together."""

from vertebra.accounts.models.audit import AuditEntry, AuditRow
from vertebra.accounts.models.outbox import ChannelChoice, Delivery, Message
from vertebra.accounts.models.together import Comment, Link, SavedView, SearchEntry, Watch
from vertebra.accounts.models.users import ApiToken, KeptAnswer, OneTimeLink, SharedLink, User

__all__ = [
    "ApiToken",
    "AuditEntry",
    "AuditRow",
    "ChannelChoice",
    "Comment",
    "Delivery",
    "KeptAnswer",
    "Link",
    "Message",
    "OneTimeLink",
    "SavedView",
    "SearchEntry",
    "SharedLink",
    "User",
    "Watch",
]
