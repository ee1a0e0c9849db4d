"""What waits for somebody, of all modules in one question, which is put together once a day for anybody of a role."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import IntegerField, Model, QuerySet, Value
from django.utils.dateparse import parse_date

from vertebra.accounts.models import User
from vertebra.kit import clock
from vertebra.kit.home import MOST_ROWS, Part, Row
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Person

M = TypeVar("M", bound=Model)
Providers = tuple[Callable[[User, dt.datetime], Part], ...]

# Whoever the question is put together for: numbers that nobody has, at a moment that nothing else falls on.
_USER, _PERSON = -(2**61) - 1, -(2**61) - 2
_INSTANT = dt.timedelta(hours=12, microseconds=789_321)


def rows_for(user: User, providers: Providers, now: dt.datetime) -> list[list[Row]]:
    """What waits for this person now: the rows of each provider."""
    person, day = person_of(user), clock.today(now)
    found: list[list[Row]] = [[] for _provider in providers]
    sql, values = _question(providers, user.role, person is not None, day)
    if sql:
        real = {_USER: user.pk, _PERSON: person.pk if person else None}
        moved = now - _moment(day)
        with connection.cursor() as cursor:
            cursor.execute(sql, [_real(value, real, moved) for value in values])
            for code, number, title, detail, due_on, place, part in cursor.fetchall():
                # SQLite knows no days: it gives the text of one.
                on = parse_date(due_on) if isinstance(due_on, str) else due_on
                found[part].append((code, number, title, detail, on, place))
    return found


@lru_cache(maxsize=32)
def _question(
    providers: Providers, role: str, is_somebody: bool, day: dt.date
) -> tuple[str, tuple[Any, ...]]:
    """The question for anybody of a role on a day, and its values: most of the time of asking it is to put it together.

    Only numbers and role are known of whom it is put together for: a module that looks at anything else finds nobody.
    """
    user = _known(User, id=_USER, email=str(_USER), role=role, is_active=True)
    if is_somebody:
        user._person = _known(Person, id=_PERSON)  # type: ignore[attr-defined]
    whole = together([provider(user, _moment(day)) for provider in providers])
    sql, values = whole.query.get_compiler(DEFAULT_DB_ALIAS).as_sql() if whole is not None else ("", ())
    return sql, tuple(values)


def together(parts: Sequence[Part]) -> "QuerySet[Any] | None":
    """What these parts wait for as one question, each row with the number of its part; nothing where none waits."""
    asked = [
        rows.annotate(_part=Value(place, IntegerField()))
        for place, part in enumerate(parts)
        for rows in part.waits()
    ]
    return asked[0].union(*asked[1:], all=True)[:MOST_ROWS] if asked else None


def _known(model: type[M], **values: Any) -> M:
    """A row of which nothing else is known: whoever asks for more is told that it does not exist."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in values]
    return model.from_db(DEFAULT_DB_ALIAS, names, [values[name] for name in names])


def _moment(day: dt.date) -> dt.datetime:
    return clock.midnight(day).astimezone(dt.UTC) + _INSTANT


def _real(value: Any, real: dict[int, int | None], moved: dt.timedelta) -> Any:
    """A value of the question for this person at this moment."""
    if isinstance(value, int):
        return real.get(value, value)
    if isinstance(value, str) and value.endswith(f".{_INSTANT.microseconds}"):
        value = dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)  # as SQLite keeps moments
    if isinstance(value, dt.datetime) and value.microsecond == _INSTANT.microseconds:
        return connection.ops.adapt_datetimefield_value(value + moved)
    return value
