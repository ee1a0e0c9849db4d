"""Ports for the servers that tests start."""

import random
import socket

# Below those that the system gives to outgoing connections: none is taken away before its server listens.
FIRST, LAST = 20_000, 32_000
_CHANCE = random.SystemRandom()


def free_port() -> int:
    """A port that nobody listens on."""
    while True:
        port = _CHANCE.randrange(FIRST, LAST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
