"""What every way of bringing messages has in common."""

from typing import Protocol

from vertebra.accounts.models import Delivery


class Refused(Exception):
    """A message that did not go by this channel, or of which nobody knows (`in_doubt`).

    `wait` is how long the other side wants to be left alone; `goes_by_mail` says that mail may reach the person.
    """

    def __init__(
        self,
        reason: str,
        *,
        is_permanent: bool = False,
        in_doubt: bool = False,
        wait: int | None = None,
        is_no_address: bool = False,
        goes_by_mail: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_permanent = is_permanent
        self.in_doubt = in_doubt
        self.wait = wait
        self.is_no_address = is_no_address
        self.goes_by_mail = goes_by_mail


class Carrier(Protocol):
    """One channel, during one round of a worker."""

    def prepare(self, deliveries: list[Delivery]) -> None:
        """Look up at once what a batch needs."""

    def carry(self, delivery: Delivery) -> None:
        """Bring one message there; raises Refused."""

    def close(self) -> None:
        """Let go of what was held open."""
