"""Reading people's files: tables and documents of any ordinary form, with the place of every fault."""
