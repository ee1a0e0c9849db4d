"""A frozen audit as Markdown, PDF and slides, in its own language, made from its content and nothing else."""

from vertebra.discovery.exports.words import Missing, NotInstalled, is_installed

__all__ = ["Missing", "NotInstalled", "is_installed"]
