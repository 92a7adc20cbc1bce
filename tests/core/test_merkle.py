"""The Merkle tree of RFC 6962 and RFC 9162: published values, and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.core.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The reference values of the Certificate Transparency project: `google/certificate-transparency`
# cpp/merkletree/merkle_tree_test.cc, which `transparency-dev/merkle` proof/verify_test.go repeats.
DATA = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    bytes.fromhex(one)
    for one in (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
LEAVES = [leaf_hash(one) for one in DATA]

# (leaf, counted from 1; size; proof), as published.
INCLUSION = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (3, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        2,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CONSISTENCY = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
    (
        6,
        7,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
]
MOST = 64
MANY = [leaf_hash(b"%d" % number) for number in range(MOST)]
MANY_ROOTS = [root_of(MANY[:size]) for size in range(MOST + 1)]

sizes = st.integers(1, MOST)


def flipped(hashed: bytes, bit: int) -> bytes:
    changed = bytearray(hashed)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH as RFC 9162, section 2.1.1, writes it down."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_definition(leaves[:split]), by_definition(leaves[split:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots(size: int) -> None:
    assert root_of(LEAVES[:size]) == ROOTS[size - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("leaf", "size", "proof"), INCLUSION)
def test_the_published_inclusion_proofs(leaf: int, size: int, proof: list[str]) -> None:
    made = inclusion_proof(LEAVES[:size], leaf - 1)
    assert [one.hex() for one in made] == proof
    assert verify_inclusion(LEAVES[leaf - 1], leaf - 1, size, made, ROOTS[size - 1])


@pytest.mark.parametrize(("earlier", "size", "proof"), CONSISTENCY)
def test_the_published_consistency_proofs(earlier: int, size: int, proof: list[str]) -> None:
    made = consistency_proof(LEAVES[:size], earlier)
    assert [one.hex() for one in made] == proof
    assert verify_consistency(earlier, size, made, ROOTS[earlier - 1], ROOTS[size - 1])


def test_roots_are_those_of_the_definition() -> None:
    assert [by_definition(MANY[:size]) for size in range(MOST + 1)] == MANY_ROOTS


def test_every_leaf_of_every_tree_up_to_64_is_proven_and_no_other_in_its_place() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            proof = inclusion_proof(MANY[:size], index)
            assert verify_inclusion(MANY[index], index, size, proof, MANY_ROOTS[size])
            assert not verify_inclusion(MANY[(index + 1) % MOST], index, size, proof, MANY_ROOTS[size])


def test_all_pairs_of_sizes_up_to_64_are_consistent_and_with_no_other_root() -> None:
    for size in range(MOST + 1):
        for earlier in range(size + 1):
            proof = consistency_proof(MANY[:size], earlier)
            assert verify_consistency(earlier, size, proof, MANY_ROOTS[earlier], MANY_ROOTS[size])
            other = MANY_ROOTS[earlier + 1] if earlier < MOST else MANY_ROOTS[0]
            assert not verify_consistency(earlier, size, proof, other, MANY_ROOTS[size])


@given(size=sizes, data=st.data())
def test_what_is_changed_in_an_inclusion_proof_breaks_it(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    bit = data.draw(st.integers(0, 255))
    proof, root, leaf = inclusion_proof(MANY[:size], index), MANY_ROOTS[size], MANY[index]
    assert not verify_inclusion(flipped(leaf, bit), index, size, proof, root)
    assert not verify_inclusion(leaf, index, size, proof, flipped(root, bit))
    assert not verify_inclusion(leaf, index, size, (*proof, root), root)
    for other in range(size):
        if other != index:
            assert not verify_inclusion(leaf, other, size, proof, root)
    for at in range(len(proof)):
        bent = (*proof[:at], flipped(proof[at], bit), *proof[at + 1 :])
        assert not verify_inclusion(leaf, index, size, bent, root)
        assert not verify_inclusion(leaf, index, size, proof[:at] + proof[at + 1 :], root)


@given(size=sizes, data=st.data())
def test_what_is_changed_in_a_consistency_proof_breaks_it(size: int, data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, size))
    bit = data.draw(st.integers(0, 255))
    proof, before, root = consistency_proof(MANY[:size], earlier), MANY_ROOTS[earlier], MANY_ROOTS[size]
    assert not verify_consistency(earlier, size, proof, flipped(before, bit), root)
    assert not verify_consistency(earlier, size, proof, before, flipped(root, bit))
    assert not verify_consistency(earlier, size, (*proof, root), before, root)
    assert not verify_consistency(earlier, size, (root, *proof), before, root)
    for other in range(1, size + 1):
        if other != earlier:
            assert not verify_consistency(other, size, proof, before, root)
    for at in range(len(proof)):
        bent = (*proof[:at], flipped(proof[at], bit), *proof[at + 1 :])
        assert not verify_consistency(earlier, size, bent, before, root)
        assert not verify_consistency(earlier, size, proof[:at] + proof[at + 1 :], before, root)


@given(size=st.integers(2, MOST), data=st.data())
def test_a_tree_whose_past_was_rewritten_has_no_proof_of_consistency(size: int, data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, earlier - 1))
    rewritten = [*MANY[:changed], leaf_hash(b"other"), *MANY[changed + 1 : size]]
    proof = consistency_proof(rewritten, earlier)
    assert not verify_consistency(earlier, size, proof, MANY_ROOTS[earlier], root_of(rewritten))


def test_a_leaf_is_never_a_node() -> None:
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])


def test_what_has_not_the_length_of_a_hash_proves_nothing() -> None:
    assert not verify_inclusion(b"", 0, 1, (), b"")
    assert not verify_inclusion(b"short", 0, 1, (), b"short")
    assert not verify_inclusion(LEAVES[0], 0, 2, (LEAVES[1][:-1],), ROOTS[1])
    assert not verify_consistency(1, 1, (), b"x", b"x")


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES[:size], index)
    assert not verify_inclusion(LEAVES[0], index, size, (), ROOTS[0])


@pytest.mark.parametrize(("earlier", "size"), [(4, 3), (-1, 3)])
def test_a_tree_does_not_shrink(earlier: int, size: int) -> None:
    with pytest.raises(IndexError):
        consistency_proof(LEAVES[:size], earlier)
    assert not verify_consistency(earlier, size, (), ROOTS[3], ROOTS[2])
