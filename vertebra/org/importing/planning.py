"""From the records of a source to what an import will do; reads only, whatever it finds."""

import datetime as dt
from collections.abc import Iterable, Sequence

from vertebra.connectors.records import Record
from vertebra.kit.files.problems import Code, Problem
from vertebra.org.importing.closing import close_absent
from vertebra.org.importing.current import Current
from vertebra.org.importing.plan import Plan
from vertebra.org.importing.references import Matcher
from vertebra.org.importing.relations import Relations
from vertebra.org.importing.things import Things
from vertebra.org.importing.words import of_problem
from vertebra.sources.models import Source


def plan_import(
    records: Sequence[Record],
    *,
    source: str,
    on: dt.date,
    now: dt.datetime,
    is_full: bool = False,
    problems: Iterable[Problem] = (),
) -> Plan:
    """Compare what the source tells with what is known, and say what would be made, changed and closed."""
    known = Source.objects.filter(name=source).first()
    current = Current(known.pk if known else None, on)
    matcher = Matcher(current)
    matcher.match_objects(records)
    plan = Plan(on=on, source=source, is_full=is_full)
    plan.names = current.name_of
    # Circles are told below, with what becomes of them, whether they close in the files or in what is known.
    plan.troubles += [of_problem(one) for one in problems if one.code != Code.REFERENCE_LOOP]
    plan.open_rows = sum(
        1 for entities in current.entities.values() for entity in entities if entity.is_own and entity.is_open
    )
    Things(plan, current, matcher, now).plan_all()
    Relations(plan, current, matcher).plan_all(list(records))
    if is_full:
        close_absent(plan, current)
    plan.unknowns = matcher.unknowns()
    plan.troubles.sort(key=lambda one: (not one.is_blocking, one.file, one.line or 0))
    return plan
