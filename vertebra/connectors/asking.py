"""Asking an outside system with patience: it says when to come back, and what cannot be mended is said at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.publishing import Answer, NotSent, Wire
from vertebra.connectors.web_json import Reach, parts_of

ATTEMPTS = 4
# Longer than this nobody waits in a job: it comes back later.
LONGEST_PAUSE = 60
_AGAIN = frozenset({429, 500, 502, 503, 504})


class Asker:
    """A kept connection to one system that knows how often to try again."""

    def __init__(
        self,
        base: str,
        reach: Reach,
        headers: Mapping[str, str],
        *,
        pause: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        place = parts_of(base)
        self.host = place.hostname or ""
        if place.scheme != "https" and self.host not in set(reach.private):
            # A token is not sent where anybody on the way reads it.
            raise Trouble(Fault.ADDRESS_OPEN, address=base[:200])
        self.base = base.strip().rstrip("/")
        self.wire = Wire(reach)
        self.headers = {"Accept": "application/json", **headers}
        self.attempts = ATTEMPTS
        self.pause = pause
        self.now = now

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Answer:
        """Ask for something below the address of the system."""
        return self._patiently(lambda: self.wire.get(f"{self.base}{path}", dict(query or {}), self.headers))

    def get_json(self, path: str, query: Mapping[str, Any] | None = None) -> Any:
        """What the system answers, as JSON."""
        return self.json_of(self.get(path, query))

    def post_json(self, path: str, value: Any) -> Any:
        """Ask by a question that is sent: it changes nothing, so it may be asked again."""
        answer = self._patiently(
            lambda: self.wire.post_json(f"{self.base}{path}", value, self.headers), takes_400=True
        )
        return self.json_of(answer)

    def json_of(self, answer: Answer) -> Any:
        """The answer as JSON; raises Trouble for anything else."""
        found = answer.json()
        if found is None:
            raise Trouble(Fault.NOT_JSON, host=self.host)
        return found

    def close(self) -> None:
        """Let go of the connection."""
        self.wire.close()

    def _patiently(self, ask: Callable[[], Answer], *, takes_400: bool = False) -> Answer:
        trouble = Trouble(Fault.NO_ANSWER, host=self.host, detail="")
        for attempt in range(self.attempts):
            wait: float = 2**attempt
            try:
                answer = ask()
            except NotSent as refusal:
                trouble = self._translated(refusal)
                if trouble.is_permanent:
                    raise trouble from refusal
            else:
                if 200 <= answer.status < 300 or (takes_400 and answer.status == 400):
                    return answer
                wait, trouble = self._judged(answer, wait)
            if attempt + 1 < self.attempts:
                if wait > LONGEST_PAUSE:
                    break
                self.pause(wait)
        raise trouble

    def _judged(self, answer: Answer, wait: float) -> tuple[float, Trouble]:
        """How long to wait before asking again, and what to say if it stays so; raises what no patience mends."""
        asked = self._asked_to_wait(answer)
        is_throttled = answer.status == 429 or (answer.status == 403 and asked is not None)
        if is_throttled:
            wait = wait if asked is None else asked
            return wait, Trouble(Fault.THROTTLED, host=self.host, seconds=max(1, round(wait)))
        if answer.status in _AGAIN:
            return asked if asked is not None else wait, self._of_status(answer.status)
        raise self._of_status(answer.status)

    def _of_status(self, status: int) -> Trouble:
        faults = {401: Fault.NOT_ALLOWED, 403: Fault.NOT_ALLOWED, 407: Fault.NOT_ALLOWED,
                  404: Fault.NOT_THERE, 410: Fault.NOT_THERE}  # fmt: skip
        return Trouble(faults.get(status, Fault.BAD_STATUS), host=self.host, status=status)

    def _asked_to_wait(self, answer: Answer) -> float | None:
        """The seconds that the system asks to be left alone, if it says so."""
        if (after := answer.headers.get("retry-after", "")).isdecimal():
            return min(float(after), 86_400)
        reset = answer.headers.get("x-ratelimit-reset", "")
        if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
            return min(max(float(reset) - self.now(), 1.0), 86_400)
        # GitHub's limit on how fast it is asked comes without a word of when: a minute, says its manual.
        return 60.0 if answer.status == 403 and b"secondary rate limit" in answer.body else None

    def _translated(self, refusal: NotSent) -> Trouble:
        if refusal.code == "moved":
            return Trouble(Fault.MOVED, host=self.host)
        fault = Fault(refusal.code) if refusal.code in set(Fault) else Fault.NO_ANSWER
        told: dict[str, str | int] = {
            "host": self.host,
            "detail": "",
            "seconds": int(self.wire.reach.seconds),
            "megabytes": self.wire.reach.bytes // 2**20,
        }
        return Trouble(fault, **told)
