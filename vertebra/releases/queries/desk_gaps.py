"""Where the field has champions but none of one function, and functions whose language none of theirs reads."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from vertebra.org.labels import SpaceRule
from vertebra.org.models import Membership
from vertebra.org.rules import FIELD_FUNCTIONS, Candidate, Company, Thing

# A language is missed where so many of a function read it: a fifth of it, and never fewer than five people.
LEAST, SHARE = 5, 0.2
Held = Mapping[int, set[str]]


def candidates(company: Company) -> Iterator[Candidate]:
    """Areas and markets with champions, none of one function; functions in whose language nobody is champion.

    Where nobody is champion at all, the rule of the organisation says so.
    """
    held = _held(company)
    yield from _by_function(company, "area", held["area"])
    yield from _by_function(company, "market", held["market"])
    yield from _by_language(company)


def _held(company: Company) -> dict[str, dict[int, set[str]]]:
    """The functions of the champions of each area and of each market; '' is a champion for every function."""
    found: dict[str, dict[int, set[str]]] = {"area": defaultdict(set), "market": defaultdict(set)}
    for one in company.champions:
        if one.area:
            found["area"][one.area].add(one.function)
        elif one.market:
            found["market"][one.market].add(one.function)
    return found


def _by_function(company: Company, kind: Literal["area", "market"], held: Held) -> Iterator[Candidate]:
    """Only functions that have a champion for another thing of the kind: the company chose to have them so."""
    known = company.areas.nodes if kind == "area" else company.markets
    somewhere = set().union(*held.values())
    for number, functions in sorted(held.items()):
        if number not in known:
            continue
        above = company.areas.nodes[number].path if kind == "area" else ()
        covered = functions.union(*(held.get(up, set()) for up in above))
        missed = [str(one) for one in FIELD_FUNCTIONS if one in somewhere and one not in covered]
        if missed and "" not in covered:
            subject = company.area(number) if kind == "area" else company.market(number)
            owners = company.owners_of(number) if kind == "area" else company.market_owners.get(number, [])
            yield _candidate(company, subject, missed, owners)


def _by_language(company: Company) -> Iterator[Candidate]:
    """A function of which many read a language that none of its champions reads."""
    read: dict[str, set[str]] = defaultdict(set)
    for one in company.champions:
        read[one.function].add(one.language)
    people: dict[str, Counter[str]] = defaultdict(Counter)
    members = Membership.objects.as_of(company.day).filter(
        function__in=FIELD_FUNCTIONS, person__archived_at=None
    )
    for function, language in members.values_list("function", "person__language"):
        people[function][language or ""] += 1
    for function, languages in sorted(people.items()):
        unit, known = company.field_units.get(function), read.get(function, set())
        # A champion whose language nobody noted may read any.
        if unit is None or not known or "" in known:
            continue
        for language, count in sorted(languages.items()):
            many = count >= max(LEAST, SHARE * sum(languages.values()))
            if language and many and language not in known | read.get("", set()):
                yield _candidate(company, company.unit(unit), [function], [], language)


def _candidate(
    company: Company, subject: Thing, functions: list[str], owners: Iterable[int], language: str = ""
) -> Candidate:
    field = {company.field_units[one] for one in functions if one in company.field_units}
    evidence = {"functions": functions, "language": language} if language else {"functions": functions}
    about = f"{functions[0]}:{language}" if language else "functions"
    return Candidate(
        rule=SpaceRule.NO_CHAMPION,
        key=f"{SpaceRule.NO_CHAMPION}:{subject.kind}:{subject.id}:{about}",
        subject=subject,
        neighbours=company.units({*owners, *field}),
        evidence={"of": "functions", **evidence},
        matters=(functions, language),
    )
