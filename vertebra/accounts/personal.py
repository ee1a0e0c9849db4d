"""What accounts hold of somebody: their account, what they said under their name, what they were told."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import connection, models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace
from django.utils.module_loading import import_string

from vertebra.accounts.audit.writing import plain
from vertebra.accounts.models import (
    ApiToken,
    AuditEntry,
    AuditRow,
    ChannelChoice,
    ChatAddress,
    ChatConnection,
    Comment,
    Link,
    MailStop,
    Message,
    OneTimeLink,
    Rhythm,
    SavedView,
    SharedLink,
    User,
    Watch,
)
from vertebra.kit.personal import Holding, Kept, Sections, Subject
from vertebra.kit.text import fold


def holdings(paths: Iterable[str]) -> Iterator[Holding]:
    """The holdings that a list of dotted paths names."""
    for path in paths:
        yield import_string(path)


def rows_of(rows: "models.QuerySet[models.Model]", *fields: str) -> list[dict[str, object]]:
    """Rows as they are handed over: plain values, dates as text."""
    return [plain(row) or {} for row in rows.values(*fields)]


def forget_changes(person_id: int, *named: "type[models.Model]") -> None:
    """Forget what the audit keeps of rows of these models that name the person: no undo brings them back."""
    for model in named:
        kept = AuditRow.objects.filter(model=model._meta.label_lower)
        now = model._base_manager.filter(person=person_id).values("pk")
        was = Q(before__person_id=person_id) | Q(before__person=person_id)
        kept.filter(was | Q(row_id__in=now)).delete()


def _export(subject: Subject) -> Sections:
    user = subject.user_id
    if user is None:
        return {}
    mine = {"user": user}
    return {
        "account": rows_of(
            User.objects.filter(pk=user), "email", "name", "role", "language", "time_zone", "created_at"
        ),
        "sessions": rows_of(UserSession.objects.filter(**mine), "ip", "user_agent", "created_at"),
        "tokens": rows_of(ApiToken.objects.filter(**mine), "name", "scopes", "created_at", "expires_at"),
        "comments": rows_of(Comment.objects.filter(author=user), "kind", "object_id", "body", "at"),
        "followed": rows_of(Watch.objects.filter(**mine), "kind", "object_id", "since_at"),
        "views": rows_of(SavedView.objects.filter(**mine), "page", "name", "query"),
        "told": rows_of(ChannelChoice.objects.filter(**mine), "kind", "channel", "is_on", "pace"),
        "rhythm": rows_of(
            Rhythm.objects.filter(**mine), "quiet_from", "quiet_until", "digest_at", "digest_day"
        ),
        "chat_addresses": rows_of(
            ChatAddress.objects.filter(**mine), "connection__name", "address", "found_at"
        ),
        "messages": rows_of(
            _messages(subject),
            "template",
            "particulars",
            "created_at",
            "read_at",
        ),
        "done": rows_of(
            AuditEntry.objects.filter(actor=user).order_by("id"), "at", "verb", "kind", "object_name"
        ),
    }


def _messages(subject: Subject) -> "models.QuerySet[Message]":
    """What they were told; to anybody else without the reminders, which tell who had not answered."""
    theirs = Q(to_user=subject.user_id)
    rows = Message.objects.filter(theirs | Q(to_email__iexact=subject.email) if subject.email else theirs)
    return rows if subject.is_asking else rows.exclude(template="survey_reminder")


def _erase(subject: Subject, now: dt.datetime) -> None:
    user, told = subject.user_id, Q()
    if user is not None:
        told |= Q(to_user=user)
        owned: tuple[type[models.Model], ...] = (
            Watch,
            SavedView,
            ChannelChoice,
            Rhythm,
            ChatAddress,
            ApiToken,
            UserSession,
        )
        for model in (*owned, EmailAddress, Authenticator):
            model._default_manager.filter(user=user).delete()
        SharedLink.objects.filter(made_by=user, revoked_at=None).update(revoked_at=now)
        Comment.objects.filter(author=user).update(author=None, author_name=subject.pseudonym)
        Link.objects.filter(made_by=user).update(made_by=None)
        ChatConnection.objects.filter(made_by=user).update(made_by=None)
        AuditEntry.objects.filter(actor=user).update(actor=None, actor_name=subject.pseudonym)
        _close_account(user, subject)
    if subject.email:
        told |= Q(to_email__iexact=subject.email)
        OneTimeLink.objects.filter(email__iexact=subject.email).delete()
        MailStop.objects.filter(email__iexact=subject.email).delete()
    if told:
        Message.objects.filter(told).delete()


def _close_account(user_id: int, subject: Subject) -> None:
    """The account stays as a closed door without a name: what points at it goes on pointing at somebody."""
    user = User.objects.get(pk=user_id)
    user.email, user.name, user.is_active = f"erased-{user_id}@erased.invalid", subject.pseudonym, False
    user.set_unusable_password()
    user.save()


def forget_words(subject: Subject) -> None:
    """Replace the person's name and address wherever any table still holds them, in texts and in kept changes.

    A name of one word is left to the modules, which know where it stands: it may be anybody's.
    """
    words = [word for word in (subject.name if " " in subject.name.strip() else "", subject.email) if word]
    pairs = [(form, subject.pseudonym) for word in words for form in _forms(word)]
    pairs += [(fold(word), fold(subject.pseudonym)) for word in words]
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.JSONField):
                _replace_in_json(model, field, pairs)
            elif isinstance(field, models.TextField | models.CharField) and not field.choices:
                _replace_in_text(model, field, pairs)


def _forms(word: str) -> Iterator[str]:
    """A word as people write it, as JSON escapes it, and each in small letters."""
    yield from dict.fromkeys((word, json.dumps(word)[1:-1], word.lower(), json.dumps(word.lower())[1:-1]))


def _replace_in_text(
    model: type[models.Model], field: "models.Field[object, object]", pairs: list[tuple[str, str]]
) -> None:
    for old, new in pairs:
        rows = model._base_manager.filter(**{f"{field.name}__contains": old})
        rows.update(**{field.name: Replace(F(field.name), Value(old), Value(new))})


def _replace_in_json(
    model: type[models.Model], field: "models.Field[object, object]", pairs: list[tuple[str, str]]
) -> None:
    """JSON is text on SQLite and a type of its own on PostgreSQL: there it is read as text and back."""
    quote = connection.ops.quote_name
    table, column = quote(model._meta.db_table), quote(str(field.column))
    text, back = (f"{column}::text", "::jsonb") if connection.vendor == "postgresql" else (column, "")
    with connection.cursor() as cursor:
        for old, new in pairs:
            cursor.execute(
                f"UPDATE {table} SET {column} = replace({text}, %s, %s){back} WHERE {text} LIKE %s ESCAPE '!'",  # noqa: S608 (our own names)
                [old, new, f"%{_literal(old)}%"],
            )


def _literal(word: str) -> str:
    """A word in which LIKE finds nothing to interpret."""
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


HOLDING = Holding(
    export=_export,
    erase=_erase,
    models={
        "accounts.user": Kept.PSEUDONYM,
        "accounts.onetimelink": Kept.DELETED,
        "accounts.sharedlink": Kept.PSEUDONYM,
        "accounts.apitoken": Kept.DELETED,
        "accounts.auditentry": Kept.PSEUDONYM,
        "accounts.message": Kept.DELETED,
        "accounts.channelchoice": Kept.DELETED,
        "accounts.rhythm": Kept.DELETED,
        "accounts.chataddress": Kept.DELETED,
        "accounts.chatconnection": Kept.PSEUDONYM,
        "accounts.link": Kept.PSEUDONYM,
        "accounts.comment": Kept.PSEUDONYM,
        "accounts.watch": Kept.DELETED,
        "accounts.savedview": Kept.DELETED,
        "account.emailaddress": Kept.DELETED,
        "mfa.authenticator": Kept.DELETED,
        "usersessions.usersession": Kept.DELETED,
    },
)
