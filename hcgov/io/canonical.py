"""Canonical JSON (RFC 8785): one text for one value, so that its digest means something."""

from collections.abc import Mapping

from hcgov.core.evidence.source import Tree


def canonical(value: Mapping[str, Tree]) -> bytes:
    r"""Return the canonical JSON of an object, without a line break in it.

    Raises
    ------
    ValueError
        A number is not finite or an integer beyond 2**53 - 1, or a text holds half of a surrogate pair.

    >>> canonical({"b": 1.0, "a": ["é", None, True]})
    b'{"a":["\xc3\xa9",null,true],"b":1}'
    """
    import rfc8785

    return rfc8785.dumps(dict(value))
