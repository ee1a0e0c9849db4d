"""What was wrong with the items of a file: each told once, the first few hundred with their particulars."""

from __future__ import annotations

import datetime as dt

from vertebra.connectors.trail import Change, Flaw, FlawCode

MOST = 300
# The clocks of a tool and of this machine may differ.
_CLOCKS_DIFFER = dt.timedelta(hours=1)


class Noted:
    """The flaws of one file, in their order."""

    def __init__(self, file: str, now: dt.datetime) -> None:
        self.file = file
        self.latest = now + _CLOCKS_DIFFER
        self._flaws: list[Flaw] = []
        self._more = 0

    def add(self, code: FlawCode, line: int, **particulars: str | int) -> None:
        """Note a flaw; beyond the first few hundred only their number is kept."""
        if len(self._flaws) < MOST:
            told = {name: str(value)[:200] for name, value in particulars.items()}
            self._flaws.append(Flaw(code, self.file, line, told))
        else:
            self._more += 1

    def look_at_times(self, key: str, line: int, created: dt.datetime, changes: list[Change]) -> None:
        """Note what lies before the beginning or in the future; the changes are in order."""
        if created > self.latest:
            self.add(FlawCode.CREATED_IN_FUTURE, line, key=key)
        if not changes:
            return
        if changes[-1].at > self.latest:
            count = sum(change.at > self.latest for change in changes)
            self.add(FlawCode.CHANGE_IN_FUTURE, line, key=key, count=count)
        if changes[0].at < created:
            count = sum(change.at < created for change in changes)
            self.add(FlawCode.CHANGE_BEFORE_CREATION, line, key=key, count=count)

    @property
    def flaws(self) -> list[Flaw]:
        """Those kept, and how many more there were."""
        if not self._more:
            return list(self._flaws)
        return [*self._flaws, Flaw(FlawCode.MORE, self.file, 0, {"count": str(self._more)})]
