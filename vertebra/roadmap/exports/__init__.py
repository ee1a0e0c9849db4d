"""A frozen report as Markdown, PDF and slides, in its own language, made from its content and nothing else."""
