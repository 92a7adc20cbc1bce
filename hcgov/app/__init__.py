"""Use cases, one a file: the only place where reading, deciding and writing meet."""
