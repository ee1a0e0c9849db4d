"""One search for everything: what actions write to the index, and the same answers on both databases.

Candidates come from FTS5 or a tsvector over our own lemmas; the order is ours: how the title matches, then the
latest change, then the id. A word that no title or text knows is replaced by the names nearest to its spelling.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import SearchEntry, User
from vertebra.accounts.permissions import ROLE_RIGHTS, Right
from vertebra.kit.text import fold, index_text, lemma, tokens, words_of

CANDIDATES = 1000
_Candidate = tuple[int, str, dt.datetime]
MAX_WORDS = 8
_COLUMNS = 'kind, object_id, title, title_folded, detail, language, lemmas, "right", updated_at'


@dataclass(frozen=True, slots=True)
class Entry:
    """What search should know of one object; `text` is prose, `title` and `detail` are shown."""

    kind: str
    object_id: int
    title: str
    detail: str = ""
    text: str = ""
    language: str = "fr"
    right: str = Right.READ


_Waiting = dict[tuple[str, int], tuple[Entry, dt.datetime]]
_waiting: ContextVar[_Waiting | None] = ContextVar("waiting", default=None)


def index(entry: Entry, *, now: dt.datetime) -> None:
    """Put one object in the index, or bring it up to date."""
    index_many([entry], now=now)


def index_many(entries: Iterable[Entry], *, now: dt.datetime) -> None:
    """Put many objects in the index in one statement each thousand, replacing what was known of them."""
    # Always in the same order: two who index the same objects wait for each other and never both.
    ordered = sorted(entries, key=lambda entry: (entry.kind, entry.object_id))
    waiting = _waiting.get()
    if waiting is None:
        _write([_row(entry, now) for entry in ordered])
    else:
        waiting.update(((entry.kind, entry.object_id), (entry, now)) for entry in ordered)


@contextmanager
def only_the_last() -> Iterator[None]:
    """Write what is put in the index in the block at its end: what changes ten times is written once.

    For making a company at once: nobody searches for it in the block; nothing is written if the block fails.
    """
    waiting: _Waiting = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    _write([_row(*last) for _key, last in sorted(waiting.items(), key=itemgetter(0))])


def _write(rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    values = ", ".join(["%s"] * 9)
    updates = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS.split(", ")[2:])
    statement = (
        f"INSERT INTO {SearchEntry._meta.db_table} ({_COLUMNS}) VALUES ({values}) "  # noqa: S608 (no input in it)
        f"ON CONFLICT (kind, object_id) DO UPDATE SET {updates}"
    )
    with connection.cursor() as cursor:
        for start in range(0, len(rows), 1000):
            cursor.executemany(statement, rows[start : start + 1000])


def unindex(kind: str, ids: Iterable[int]) -> None:
    """Forget objects that are closed, archived or gone."""
    wanted = list(ids)
    for key in wanted:
        (_waiting.get() or {}).pop((kind, key), None)
    for start in range(0, len(wanted), 500):
        SearchEntry.objects.filter(kind=kind, object_id__in=wanted[start : start + 500]).delete()


def _row(entry: Entry, now: dt.datetime) -> tuple[Any, ...]:
    is_name = entry.kind == Kind.PERSON
    words = index_text(
        [(entry.title, not is_name), (entry.detail, True), (entry.text[:20_000], True)], entry.language
    )
    title = entry.title[:300]
    stored = connection.ops.adapt_datetimefield_value(now)
    return (
        entry.kind,
        entry.object_id,
        title,
        fold(title)[:300],
        entry.detail[:300],
        entry.language,
        words,
        entry.right,
        stored,
    )


def search(user: User, text: str, *, kinds: Sequence[str] = (), limit: int = 20) -> list[SearchEntry]:
    """The objects open to the user that hold every word of the text, best first."""
    words = tokens(text)[:MAX_WORDS]
    if not words:
        return []
    rows = SearchEntry.objects.filter(right__in=ROLE_RIGHTS.get(user.role, frozenset()))
    if kinds:
        rows = rows.filter(kind__in=kinds)
    terms = [[word, *_lemma_of(word, user.language)] for word in words]
    found = _candidates(rows, terms)
    if not found:
        found = _candidates(rows, [_known_spellings(term) for term in terms])
    wanted = fold(text)
    best = sorted(found, key=lambda candidate: _rank(candidate, wanted, words))[:limit]
    entries = SearchEntry.objects.defer("lemmas").in_bulk([candidate[0] for candidate in best])
    return [entries[candidate[0]] for candidate in best if candidate[0] in entries]


def _lemma_of(word: str, language: str) -> list[str]:
    found = lemma(word, language)
    return [found] if found and found != word else []


def _candidates(rows: QuerySet[SearchEntry], terms: list[list[str]]) -> list[_Candidate]:
    """The newest entries that hold each term (as the beginning of a word), at most `CANDIDATES`."""
    if not all(terms):
        return []
    table = SearchEntry._meta.db_table
    if connection.vendor == "sqlite":
        match = " AND ".join("(" + " OR ".join(f'"{word}"*' for word in term) + ")" for term in terms)
        condition = f"{table}.id IN (SELECT rowid FROM search_words WHERE search_words MATCH %s)"  # noqa: S608
    else:
        match = " & ".join("(" + " | ".join(f"{word}:*" for word in term) + ")" for term in terms)
        condition = f"{table}.words @@ %s::tsquery"
    matching = rows.extra(where=[condition], params=[match])  # noqa: S610 (tokens are [a-z0-9])
    return list(matching.order_by("-id").values_list("id", "title_folded", "updated_at")[:CANDIDATES])


def _rank(candidate: _Candidate, wanted: str, words: list[str]) -> tuple[int, float, int]:
    number, title, at = candidate
    if title.startswith(wanted):
        how = 0
    else:
        # A word of the title begins so: it stands first, or after something that is no letter.
        begun = sum(1 for word in words if re.search(rf"(?<![^\W_]){word}", title))
        how = 1 if begun == len(words) else 2 if begun else 3
    return how, -at.timestamp(), number


_vocabulary: tuple[object, list[str]] = (None, [])


def _known_spellings(term: list[str]) -> list[str]:
    """The words of titles spelled nearest to the term (one slip for four letters, two from seven on)."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    word = term[0]
    if len(word) < 4 or word.isdigit():
        return term
    slips = 1 if len(word) < 7 else 2
    nearest = process.extract(word, _words_of_titles(), scorer=OSA.distance, score_cutoff=slips, limit=12)
    return [*term, *sorted(found for found, _, _ in nearest)]


def _words_of_titles() -> list[str]:
    """Every word of a title, sorted; read again only when the index has changed."""
    global _vocabulary
    stamp = SearchEntry.objects.aggregate(at=Max("updated_at"), last=Max("id"))
    mark = (stamp["at"], stamp["last"])
    if _vocabulary[0] != mark:
        titles = SearchEntry.objects.values_list("title_folded", flat=True)
        _vocabulary = (mark, sorted({word for title in titles.iterator() for word in words_of(title)}))
    return _vocabulary[1]
