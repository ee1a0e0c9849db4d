"""How files that can be read end: known everywhere without loading what reads them."""

from typing import Literal

Format = Literal["yaml", "json", "jsonl", "toml", "markdown"]

FORMAT_OF_SUFFIX: dict[str, Format] = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".toml": "toml",
    ".md": "markdown",
    ".markdown": "markdown",
}
TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".txt", ".xlsx", ".xlsm"})
