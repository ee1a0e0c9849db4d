"""Trails in a Spark cluster: the connection through which the same questions are asked where one machine is too small.

Needs the extra `spark` and a Java; `docs/operate/install.md` says how to point at one.
"""

from __future__ import annotations

from typing import Any

from ibis.backends.pyspark import Backend


class _Spark(Backend):  # type: ignore[misc]
    """Ibis over Spark; a table that is kept may be made of small ones that only this process knows."""

    def _create_cached_table(self, name: str, expr: Any) -> Any:
        # Ibis hands those over before it answers, but not before it keeps.
        self._run_pre_execute_hooks(expr)
        return super()._create_cached_table(name, expr)


def over(session: Any) -> Any:
    """Ibis over a session of Spark, whose days are those of Greenwich as in files."""
    session.conf.set("spark.sql.session.timeZone", "UTC")
    _Spark.register_options()
    return _Spark().connect(session)
