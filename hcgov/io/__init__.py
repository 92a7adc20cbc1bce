"""Adapters: everything that touches the outside world, one port a file."""
