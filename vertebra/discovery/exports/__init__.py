"""A frozen audit as Markdown, PDF and slides, in its own language, made from its content and nothing else."""
