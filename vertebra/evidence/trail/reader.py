"""The program of the second process that reads files of work items: `beside` starts it and gives it files."""

import os
import queue
import sys
import threading
from pathlib import Path
from typing import Any, cast

import django
import msgspec


def main() -> None:
    """Read the files that are given, one after the other, until there is none left or whoever gives them is gone."""
    django.setup()
    from vertebra.connectors.trail_files import Form, open_trail
    from vertebra.evidence.trail.beside import TABLES, Done, Heard, Work
    from vertebra.evidence.trail.pseudonyms import Pseudonyms
    from vertebra.evidence.trail.writing import Writer, turns_of
    from vertebra.kit.memory import many_objects

    given: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(given,), daemon=True).start()
    work = msgspec.json.decode(given.get(), type=Work)
    writer = Writer(Path(work.folder), Pseudonyms(bytes.fromhex(work.key), work.forgotten))
    flaws = {}
    with many_objects():
        while (number := msgspec.json.decode(given.get(), type=int | None)) is not None:
            path = Path(work.paths[number])
            file = open_trail(path, path.name, cast(Form, work.form), work.mapping, now=work.now)
            writer.turn = turns_of(number)
            writer.write_all(file.items(), lambda count: _say(Heard(count)))
            flaws[number] = file.flaws
            _say(Heard(writer.count, is_done=True))
    written = writer.close()
    _say(Done(flaws, writer.sprints, [name for name in TABLES if name in written]))


def _listen(given: queue.SimpleQueue[bytes]) -> None:
    """Take what is said; nothing is to be done for a process that is no more."""
    for line in sys.stdin.buffer:
        given.put(line)
    os._exit(1)


def _say(what: Any) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(what) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    code = 1
    try:
        main()
        code = 0
    finally:
        # At once: Python would wait for what still listens, break off, and might leave what it knows in a dump.
        os._exit(code)
