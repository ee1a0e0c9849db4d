"""Nouns of accounts: who comes in, what was changed, what was sent, what binds objects together."""

from vertebra.accounts.models.audit import AuditEntry, AuditRow
from vertebra.accounts.models.outbox import Delivery, Letter, MailStop, Message
from vertebra.accounts.models.reach import ChannelChoice, ChatAddress, ChatConnection, Rhythm
from vertebra.accounts.models.together import Comment, Link, SavedView, SearchEntry, Watch
from vertebra.accounts.models.users import ApiToken, KeptAnswer, OneTimeLink, SharedLink, User

__all__ = [
    "ApiToken",
    "AuditEntry",
    "AuditRow",
    "ChannelChoice",
    "ChatAddress",
    "ChatConnection",
    "Comment",
    "Delivery",
    "KeptAnswer",
    "Letter",
    "Link",
    "MailStop",
    "Message",
    "OneTimeLink",
    "Rhythm",
    "SavedView",
    "SearchEntry",
    "SharedLink",
    "User",
    "Watch",
]
