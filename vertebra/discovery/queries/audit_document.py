"""The audit as a whole document: what it says once small counts are kept back and nobody is named."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Count, F, Value

from vertebra.analysis.privacy import FEWEST, hide, in_steps, shown
from vertebra.discovery.labels import AuditState, QuickWinState, Verdict
from vertebra.discovery.models import (
    Audit,
    AuditItem,
    AuditOpinion,
    AuditReading,
    PainPoint,
    QuickWin,
    Verbatim,
)
from vertebra.discovery.queries.audit_words import unheard
from vertebra.discovery.queries.voices import Voice, voices

FORMAT = 1
OTHERS = ""
Content = dict[str, Any]


def document(audit: Audit, day: dt.date) -> Content:
    """Everything an audit says as it stands, ready to be shown to whoever may read it."""
    items = list(audit.items.select_related("pain_point").order_by("rank", "pk"))
    figures = audit.figures
    shown_items = _items(items, figures, day)
    return {
        "format": FORMAT,
        "number": audit.number,
        "version": audit.version,
        "title": audit.title,
        "language": audit.language,
        "introduction": audit.introduction,
        "method": audit.method,
        "not_heard": audit.not_heard,
        "heard": heard(figures),
        "items": shown_items,
        "quick_wins": _quick_wins(audit, {item.pain_point_id: item for item in items}),
        "reading": reading_counts(audit),
        "order": _order(audit, items),
        "comparison": _comparison(audit, shown_items, figures),
        "quoted": sorted(q["id"] for item in shown_items for side in item["sides"] for q in side["quotes"]),
    }


def heard(figures: Mapping[str, Any]) -> Content:
    """Who was heard, by function and by unit, with small groups kept back together; and where nobody was."""
    people = figures.get("people", 0)
    names = figures.get("unit_names", {})
    cells = figures.get("cells", [])
    return {
        "people": people,
        "interviews": figures.get("interviews", 0),
        "first_on": figures.get("first_on", ""),
        "latest_on": figures.get("latest_on", ""),
        "guides": figures.get("guides", []),
        "campaigns": figures.get("campaigns", []),
        "functions": _parts(_told(figures.get("functions", {}), figures.get("nameable", ())), people),
        "units": [
            {"name": names.get(part["key"], ""), "people": part["people"]}
            for part in _parts(_told(figures.get("units", {}), figures.get("nameable_units", ())), people)
        ],
        "groups": len(cells),
        "groups_heard": sum(1 for cell in cells if cell[3]),
        "unheard": [
            {"function": function, "unit": unit, "people": present}
            for function, unit, present in unheard(dict(figures))
        ],
    }


def _told(counts: Mapping[str, int], nameable: Collection[str]) -> dict[str, int]:
    """Without those too small in this company: that one of them was heard would say who."""
    return {key: count for key, count in counts.items() if key in nameable}


def _parts(counts: Mapping[str, int], total: int) -> list[Content]:
    """The parts of a total that may be said, largest first; the others are there without their count."""
    hidden = hide(counts, max(total, sum(counts.values())))
    parts = [{"key": key, "people": None if key in hidden else count} for key, count in counts.items()]
    return sorted(parts, key=lambda part: (-(part["people"] or 0), str(part["key"])))


def _items(items: list[AuditItem], figures: Mapping[str, Any], day: dt.date) -> list[Content]:
    """The pain points in their order, with the sides that speak of each and the quotes chosen."""
    chosen = chosen_quotes(items, day)
    quotes = {pk: [_quote(row, voice) for row, voice in rows] for pk, rows in chosen.items()}
    return [_item(at, item, figures, quotes.get(item.pk, [])) for at, item in enumerate(items, start=1)]


def _item(rank: int, item: AuditItem, figures: Mapping[str, Any], quotes: list[Content]) -> Content:
    raw = item.figures
    people = in_steps(raw.get("people", 0))
    pain = item.pain_point
    return {
        "rank": rank,
        "pain_point": pain.pk,
        "title": pain.title,
        "language": pain.language,
        "description": pain.description,
        "comment": item.comment,
        "severity": pain.severity,
        "trend": raw.get("trend", ""),
        "people": people,
        # In the same steps: of two editions, an exact count would tell that one more function spoke up.
        "functions": in_steps(raw.get("functions", 0)) if people else None,
        "teams": in_steps(raw.get("teams", 0)) if people else None,
        "sides": _sides(raw, set(figures.get("nameable", [])), quotes),
    }


def _sides(raw: Mapping[str, Any], nameable: set[str], quotes: list[Content]) -> list[Content]:
    """Each function that speaks of it; those too small in this company to be named speak together."""
    counts: dict[str, int] = defaultdict(int)
    for function, people in raw.get("sides", {}).items():
        counts[function if function in nameable else OTHERS] += people
    hidden = hide(counts, max(raw.get("people", 0), sum(counts.values())))
    said: dict[str, list[Content]] = defaultdict(list)
    for quote in quotes:
        function = quote["function"]
        said[function if function in nameable else OTHERS].append(quote)
    sides = [
        {
            "function": function,
            "people": None
            if function in hidden
            else in_steps(counts[function])
            if counts[function]
            else None,
            "quotes": said[function],
        }
        for function in {*counts, *said}
    ]
    return sorted(sides, key=lambda side: (not side["function"], -(side["people"] or 0), side["function"]))


def chosen_quotes(items: Iterable[AuditItem], day: dt.date) -> dict[int, list[tuple[Verbatim, Voice]]]:
    """The quotes chosen for each item that may be shown, in their order, with what may be told of who said them."""
    through = AuditItem.verbatims.through.objects.filter(audititem__in=items).order_by("pk")
    chosen = [(row.audititem_id, row.verbatim) for row in through.select_related("verbatim__interview")]
    told = voices([verbatim for _item, verbatim in chosen], day)
    found: dict[int, list[tuple[Verbatim, Voice]]] = defaultdict(list)
    for item, verbatim in chosen:
        if not told[verbatim.pk].is_hidden:
            found[item].append((verbatim, told[verbatim.pk]))
    return found


def _quote(row: Verbatim, voice: Voice) -> Content:
    return {
        "id": row.pk,
        "text": row.text,
        "language": row.language,
        "function": voice.function,
        "unit": voice.unit_name,
        "quarter": voice.said_on_quarter.isoformat(),
        "is_withdrawn": False,
    }


def _quick_wins(audit: Audit, items: Mapping[int, AuditItem]) -> list[Content]:
    rows = QuickWin.objects.filter(audit=audit).exclude(state=QuickWinState.DROPPED)
    return [
        {
            "id": row.pk,
            "title": row.title,
            "language": row.language,
            "pain_point": row.pain_point_id,
            "pain_title": row.pain_point.title,
            "people": in_steps(evidence_of(row, items)),
            "days": row.days,
            "owner": row.owner.name if row.owner else "",
            "state": row.state,
        }
        for row in rows.select_related("pain_point", "owner").order_by("days", "pk")
    ]


def evidence_of(row: QuickWin, items: Mapping[int, AuditItem]) -> int:
    """How many people speak of what a quick win relieves, within the audit if it is one of its items."""
    item = items.get(row.pain_point_id)
    return int(item.figures.get("people", 0)) if item else row.pain_point.people_count


def reading_counts(audit: Audit) -> Content:
    """How many read the draft and what they said of it; never so few that somebody could be recognised.

    Nothing is told before five answered; while it is read answers go in steps: nobody is seen to answer.
    """
    parts = dict.fromkeys((*Verdict.values, ""), 0)
    if audit.reading_until:
        asked = AuditReading.objects.filter(audit=audit, invited_at__isnull=False, has_answered=False)
        silent = asked.order_by().values(said=Value("")).annotate(people=Count("pk"))
        opinions = AuditOpinion.objects.filter(audit=audit).order_by()
        said = opinions.values(said=F("verdict")).annotate(people=Count("pk"))
        parts |= {row["said"]: row["people"] for row in said.union(silent, all=True)}
    invited = sum(parts.values())
    hidden = hide(parts, invited) if invited - parts[""] >= FEWEST else frozenset(parts)
    told = in_steps if audit.state == AuditState.READING else shown
    return {
        "invited": shown(invited),
        "has_invited": invited > 0,
        **{
            name: None if code in hidden or shown(invited) is None else told(parts[code])
            for name, code in (("thats_it", Verdict.THATS_IT), ("missing", Verdict.MISSING), ("silent", ""))
        },
    }


def _order(audit: Audit, items: Iterable[AuditItem]) -> Content:
    points = [item.figures.get("points", 0) for item in items]
    room = audit.figures.get("room", {})
    return {
        "is_changed": points != sorted(points, reverse=True),
        "room_on": room.get("on", ""),
        "present": room.get("present", ""),
    }


def _comparison(audit: Audit, items: list[Content], figures: Mapping[str, Any]) -> Content | None:
    """What is new, gone, higher, lower or the same since the audit published before; published figures only."""
    before = (
        Audit.objects.filter(published_at__isnull=False, number__lt=audit.number, archived_at__isnull=True)
        .order_by("-number")
        .first()
    )
    if before is None:
        return None
    return compare(before.content, items, heard(figures)) | {"audit": before.pk, "title": before.title}


def compare(before: Content, items: list[Content], now_heard: Content) -> Content:
    """The pain points of two documents facing each other, by id; merged ones follow what they were merged into."""
    old = _followed(before.get("items", []), {item["pain_point"] for item in items})
    changes = []
    for item in items:
        was = old.pop(item["pain_point"], None)
        change = "new" if was is None else _moved(was["rank"], item["rank"])
        changes.append(_change(change, item, was))
    changes += [_change("gone", None, was) for was in old.values()]
    then = before.get("heard", {})
    return {
        "changes": changes,
        "people": [then.get("people", 0), now_heard["people"]],
        "groups": [[then.get("groups_heard", 0), then.get("groups", 0)],
                   [now_heard["groups_heard"], now_heard["groups"]]],
    }  # fmt: skip


def _moved(before: int, after: int) -> str:
    return "same" if before == after else "up" if after < before else "down"


def _change(change: str, item: Content | None, was: Content | None) -> Content:
    said = item or was or {}
    return {
        "change": change,
        "pain_point": said["pain_point"],
        "title": said["title"],
        "rank": item["rank"] if item else None,
        "rank_before": was["rank"] if was else None,
        "people": item["people"] if item else None,
        "people_before": was["people"] if was else None,
    }


def _followed(items: list[Content], known: Collection[int]) -> dict[int, Content]:
    """Items by the pain point that stands for them today."""
    ids = [item["pain_point"] for item in items if item["pain_point"] not in known]
    rows = PainPoint.objects.filter(pk__in=ids, merged_into__isnull=False)
    merged = dict(rows.values_list("pk", "merged_into")) if ids else {}
    found: dict[int, Content] = {}
    for item in items:
        found.setdefault(merged.get(item["pain_point"]) or item["pain_point"], item)
    return found


def without_quotes(content: Content, ids: Collection[int]) -> Content:
    """The document with these words taken out; that some were withdrawn stays told, not whose."""
    gone = set(ids)
    items = []
    for item in content.get("items", []):
        sides = []
        for side in item["sides"]:
            kept = [
                {"id": quote["id"], "text": "", "language": "", "function": "", "unit": "", "quarter": "",
                 "is_withdrawn": True}
                if quote["id"] in gone
                else quote
                for quote in side["quotes"]
            ]  # fmt: skip
            sides.append({**side, "quotes": kept})
        items.append({**item, "sides": sides})
    quoted = [pk for pk in content.get("quoted", []) if pk not in gone]
    return {**content, "items": items, "quoted": quoted}
