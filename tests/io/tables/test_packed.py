"""A pack is read as it was written, and nothing else is read as a pack."""

from hypothesis import given
from hypothesis import strategies as st

from hcgov.io.tables.packed import Pack, Piece, Total, packed, unpacked

digests = st.text("0123456789abcdef", min_size=1, max_size=4)
pieces = st.builds(
    Piece,
    content=st.binary(max_size=30),
    rows=st.integers(0, 2**40),
    numbers=st.dictionaries(digests, st.integers(0, 99), max_size=3),
)
names = st.tuples(st.text(min_size=1), st.sampled_from(["VARCHAR", "HUGEINT", "DECIMAL(38,0)"]))
packs = st.builds(
    Pack,
    columns=st.lists(names, max_size=3).map(tuple),
    pieces=st.lists(pieces, max_size=3).map(tuple),
    total=st.none() | st.builds(Total, content=st.binary(max_size=30), of=st.lists(digests, max_size=3)),
)


@given(pack=packs)
def test_a_pack_is_read_as_it_was_written(pack: Pack) -> None:
    assert unpacked(packed(pack)) == pack


@given(pack=packs, more=st.binary(min_size=1))
def test_what_is_longer_or_shorter_is_none(pack: Pack, more: bytes) -> None:
    assert unpacked(packed(pack) + more) is None
    assert unpacked(packed(pack)[:-1]) is None


@given(content=st.binary())
def test_anything_else_is_none(content: bytes) -> None:
    assert unpacked(content) is None
