"""The outbox: what is sent to anybody is queued with its cause, in the same transaction, and delivered by jobs."""

from vertebra.accounts.outbox.chats import look_up_people
from vertebra.accounts.outbox.delivering import CLAIM_LASTS, WAITS, Round, deliver, due, due_mails
from vertebra.accounts.outbox.digests import gather, held, leave_out, regroup
from vertebra.accounts.outbox.inbox import count_by_state, mark_read, received, unread
from vertebra.accounts.outbox.letters import (
    Addressee,
    correct_letter,
    count_letter,
    hold_back,
    is_under_way,
    send_letter,
    stop_letter,
    write_letter,
)
from vertebra.accounts.outbox.mails import is_permanent, mail_is_on, mail_of
from vertebra.accounts.outbox.queueing import queue_message, queue_messages
from vertebra.accounts.outbox.returned import take_returned
from vertebra.accounts.outbox.words import Words, words_of

__all__ = [
    "CLAIM_LASTS",
    "WAITS",
    "Addressee",
    "Round",
    "Words",
    "correct_letter",
    "count_by_state",
    "count_letter",
    "deliver",
    "due",
    "due_mails",
    "gather",
    "held",
    "hold_back",
    "is_permanent",
    "is_under_way",
    "leave_out",
    "look_up_people",
    "mail_is_on",
    "mail_of",
    "mark_read",
    "queue_message",
    "queue_messages",
    "received",
    "regroup",
    "send_letter",
    "stop_letter",
    "take_returned",
    "unread",
    "words_of",
    "write_letter",
]
