"""What a command says when it cannot do what was asked: one sentence, and what to do about it."""


class Refusal(Exception):
    """The command stops here; nobody needs a traceback to understand why."""

    def __init__(self, message: str, remedy: str = "", exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = str(message)
        self.remedy = str(remedy)
        self.exit_code = exit_code

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()
