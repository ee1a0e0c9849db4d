"""A person's own data: what each module holds of somebody, how to hand it over and how to forget it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Sections = dict[str, list[dict[str, Any]]]


class Kept(StrEnum):
    """What becomes of the rows of a model that name a person, once the person is erased."""

    DELETED = "deleted"
    EMPTIED = "emptied"
    PSEUDONYM = "pseudonym"


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody whose data are handed over or forgotten, as every module knows them.

    `is_asking`: they ask themselves; anybody else is not handed what they answered.
    """

    person_id: int | None
    user_id: int | None
    name: str
    email: str
    pseudonym: str
    is_asking: bool = False


@dataclass(frozen=True, slots=True)
class Holding:
    """One module's part: `models` says for each of its models that names a person what erasure does to it."""

    export: Callable[[Subject], Sections]
    erase: Callable[[Subject, dt.datetime], None]
    models: Mapping[str, Kept]
