"""The French catalogue: `update` collects sentences from code and templates, `compile` writes the binary, `check` refuses gaps.

Needs only Babel: no GNU gettext. Sentences removed from the code leave the catalogue at once.
"""

import calendar
import datetime as dt
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "vertebra"
PO = PACKAGE / "locale" / "fr" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Whether a text may hold one: to take a text without any apart is most of the work.
A_CALL = re.compile(r"\b(?:_|\w*gettext\w*)\s*\(")
Found = tuple[str | None, str | tuple[str, str], str]


def sources() -> Iterator[tuple[str, str]]:
    """Every file that may hold sentences, as (place, Python text that gettext extraction understands)."""
    for path in sorted(PACKAGE.rglob("*")):
        place = path.relative_to(ROOT).as_posix()
        if "/vendor/" in place or "/migrations/" in place:
            continue
        if path.suffix == ".py":
            yield place, path.read_text(encoding="utf-8")
        elif path.suffix in {".html", ".txt"} and "/templates/" in place:
            yield place, templatize(path.read_text(encoding="utf-8"), origin=place)


def sentences() -> Iterator[Found]:
    """Each sentence to translate: (context, message or (singular, plural), place)."""
    for place, text in sources():
        if not A_CALL.search(text):
            continue
        found = extract_python(io.BytesIO(text.encode()), KEYWORDS, (), {"encoding": "utf-8"})
        for _line, name, message, _comments in found:
            if not message:  # the call held no literal sentence: whoever named it wrote it elsewhere
                continue
            function = str(name)
            parts = (message,) if isinstance(message, str) else tuple(message)
            has_context = function.startswith(("p", "np")) and "gettext" in function
            context = parts[0] if has_context else None
            rest = [part for part in parts[1 if has_context else 0 :] if isinstance(part, str)]
            if not rest or (has_context and not context):
                continue
            is_plural = function.lstrip("p").startswith("n") and len(rest) > 1
            yield context, ((rest[0], rest[1]) if is_plural else rest[0]), place


def wanted() -> Catalog:
    """An empty catalogue of every sentence in the code."""
    born = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)  # no clock: the same sentences give the same file
    catalog = Catalog(
        locale="fr",
        project="Vertebra",
        version="1",
        charset="utf-8",
        creation_date=born,
        revision_date=born,
        header_comment="# French words of Vertebra.",
        fuzzy=False,
    )
    for context, message, place in sentences():
        if message in ("", ("", "")):
            continue
        catalog.add(message, context=context, locations=[(place, 0)], flags=_flags(message))
    return catalog


def _flags(message: str | tuple[str, str]) -> list[str]:
    text = " ".join(message) if isinstance(message, tuple) else message
    return ["python-format"] if re.search(r"%\(\w+\)[sd]", text) else []


def current() -> Catalog:
    """The committed catalogue."""
    if not PO.exists():
        return Catalog(locale="fr", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="fr")


def _key(message: object) -> tuple[object, str]:
    ident = getattr(message, "id")  # noqa: B009 (Babel's attribute is named like a builtin)
    return getattr(message, "context", None), ident[0] if isinstance(ident, tuple) else ident


def merge(merged: Catalog) -> Catalog:
    """These wanted sentences with the translations that exist."""
    known = {_key(m): m for m in current() if m.id}
    for message in merged:
        if message.id and (old := known.get(_key(message))) and not old.fuzzy:
            is_same_shape = isinstance(old.string, tuple) == isinstance(message.id, tuple)
            message.string = old.string if is_same_shape else message.string
    return merged


def update() -> list[str]:
    """Bring the catalogue up to date and give the sentences that still lack French."""
    merged = merge(wanted())
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(
            file,
            merged,
            sort_by_file=False,
            sort_output=True,
            omit_header=False,
            include_lineno=False,
            width=110,
        )
    compile_()
    return missing(merged)


def compile_() -> None:
    """Write the binary catalogue that Django reads."""
    with MO.open("wb") as file:
        write_mo(file, current())


def missing(catalog: Catalog) -> list[str]:
    """Sentences without a whole French translation, or whose placeholders differ."""
    gaps = []
    for message in catalog:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if not all(strings) or len(strings) < len(ids):
            gaps.append(str(ids[0]))
            continue
        holes = [set(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", text)) for text in (*ids, *strings)]
        if (
            not set.union(*holes[len(ids) :]) <= set.union(*holes[: len(ids)])
            or not holes[len(ids) - 1] <= holes[-1]
        ):
            gaps.append(f"placeholders differ: {ids[0]}")
    return gaps


def taken(keys: set[tuple[object, str]]) -> list[str]:
    """Sentences without a context that are names of the calendar: Django writes its dates with the same catalogue."""
    names = {*calendar.month_name, *calendar.month_abbr, *calendar.day_name, *calendar.day_abbr}
    return sorted(name for context, name in keys if context is None and name in names)


def problems() -> list[str]:
    """What keeps the catalogue from being complete: gaps, fuzzy or stale sentences, a binary out of date."""
    committed, merged = current(), merge(wanted())
    found = [f"not translated: {gap}" for gap in missing(merged)]
    found += [f"fuzzy: {message.id}" for message in committed if message.fuzzy and message.id]
    keys = {_key(message) for message in merged if message.id}
    found += [f"would rename a month or a day everywhere, give it a context: {name}" for name in taken(keys)]
    found += [f"no longer in the code: {m.id}" for m in committed if m.id and _key(m) not in keys]
    compiled = io.BytesIO()
    write_mo(compiled, committed)
    if not MO.exists() or MO.read_bytes() != compiled.getvalue():
        found.append("the binary catalogue is out of date: run `python -m tools.messages compile`")
    return found


def main() -> int:
    """Run `python -m tools.messages update|compile|check`."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    command = sys.argv[1] if len(sys.argv) > 1 else "check"
    if command == "compile":
        compile_()
        return 0
    gaps = update() if command == "update" else problems()
    print("\n".join(gaps) or "The French catalogue is complete.")
    return 1 if gaps and command == "check" else 0


if __name__ == "__main__":
    sys.exit(main())
