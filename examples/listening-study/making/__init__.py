"""The made-up tables of this example, one module for each kind."""
