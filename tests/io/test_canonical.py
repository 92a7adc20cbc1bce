"""Canonical JSON, by the values that RFC 8785 gives."""

import math

import pytest

from hcgov.io.canonical import canonical

# RFC 8785, section 3.2.2 and 3.2.4: the sample object and the bytes of its canonical form.
SAMPLE = {
    "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\u002f",
    "literals": [None, True, False],
}
CANONICAL = (
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
    '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
)


def test_the_sample_of_the_rfc() -> None:
    assert canonical(SAMPLE) == CANONICAL.encode()  # type: ignore[arg-type]  # plain values


def test_keys_are_sorted_by_utf_16() -> None:
    # RFC 8785, section 3.2.3: the order that is expected there.
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    written = canonical(dict.fromkeys(keys, 0)).decode()
    places = [written.index(key if key != "\r" else "\\r") for key in ordered]
    assert places == sorted(places)


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, "\ud800"])
def test_what_has_no_canonical_form_is_refused(value: float | str) -> None:
    with pytest.raises(ValueError):
        canonical({"a": value})
