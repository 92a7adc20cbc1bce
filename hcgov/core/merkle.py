"""Merkle tree hashes with proofs of inclusion and of consistency (RFC 6962, RFC 9162).

A leaf is hashed behind the byte 0x00 and an inner node behind 0x01, so that no leaf can be taken for a node.
All functions work on leaf *hashes*, which :func:`leaf_hash` makes; every hash is SHA-256 and has 32 bytes.
"""

from collections.abc import Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256().digest()
"""Root of the tree without leaves: the hash of nothing (RFC 9162, section 2.1.1)."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf (RFC 9162, section 2.1.1).

    >>> leaf_hash(b"").hex()[:16]
    '6e340b9cffb37a98'
    """
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node (RFC 9162, section 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes (RFC 9162, section 2.1.1).

    Level by level, an odd last node going up unchanged, gives the same tree as the recursive definition, which
    splits at the largest power of two below the number of leaves.
    """
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the proof that a leaf is in the tree (RFC 9162, section 2.1.3.1).

    Parameters
    ----------
    leaves
        All leaf hashes of the tree.
    index
        Position of the leaf, from 0.

    Raises
    ------
    IndexError
        The tree has no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"there is no leaf {index} in a tree of {len(leaves)}")
    proof = []
    level = list(leaves)
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            proof.append(level[beside])
        level = _above(level)
        index >>= 1
    return tuple(proof)


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> tuple[bytes, ...]:
    """Return the proof that the tree grew out of its first leaves (RFC 9162, section 2.1.4.1).

    Parameters
    ----------
    leaves
        All leaf hashes of the later tree.
    earlier
        Number of leaves of the earlier one.

    Raises
    ------
    IndexError
        The earlier tree is larger than the later one, or has a negative size.
    """
    if not 0 <= earlier <= len(leaves):
        raise IndexError(f"a tree of {len(leaves)} leaves did not grow out of one of {earlier}")
    return () if earlier in (0, len(leaves)) else _subproof(leaves, earlier, known=True)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether a proof shows that a leaf is in a tree (RFC 9162, section 2.1.3.2).

    Parameters
    ----------
    leaf
        The leaf's hash.
    index, size
        Position of the leaf, from 0, and number of leaves.
    proof, root
        The proof, and the root of the tree.
    """
    if not 0 <= index < size or not _hashes(leaf, root, *proof):
        return False
    position, last, found = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            found = node_hash(beside, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        position, last = position >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    earlier: int, size: int, proof: Sequence[bytes], earlier_root: bytes, root: bytes
) -> bool:
    """Say whether a proof shows that one tree grew out of another (RFC 9162, section 2.1.4.2).

    Every tree grew out of the empty one, for which the proof is empty and the root :data:`EMPTY_ROOT`.

    Parameters
    ----------
    earlier, size
        Number of leaves of the earlier and of the later tree.
    proof, earlier_root, root
        The proof, and the roots of both.
    """
    if not 0 <= earlier <= size or not _hashes(earlier_root, root, *proof):
        return False
    if earlier == size:
        return not proof and earlier_root == root
    if earlier == 0:
        return not proof and earlier_root == EMPTY_ROOT
    path = list(proof)
    if earlier & (earlier - 1) == 0:  # a power of two: its root is itself the first node
        path.insert(0, earlier_root)
    if not path:
        return False
    position, last = earlier - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    before = after = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            before, after = node_hash(beside, before), node_hash(beside, after)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            after = node_hash(after, beside)
        position, last = position >> 1, last >> 1
    return last == 0 and before == earlier_root and after == root


def _above(level: list[bytes]) -> list[bytes]:
    above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return above if len(level) % 2 == 0 else [*above, level[-1]]


def _subproof(leaves: Sequence[bytes], earlier: int, *, known: bool) -> tuple[bytes, ...]:
    """SUBPROOF of RFC 9162; ``known`` says that the verifier has the root of these leaves already."""
    size = len(leaves)
    if earlier == size:
        return () if known else (root_of(leaves),)
    split = 1 << (size - 1).bit_length() - 1
    if earlier <= split:
        return (*_subproof(leaves[:split], earlier, known=known), root_of(leaves[split:]))
    return (*_subproof(leaves[split:], earlier - split, known=False), root_of(leaves[:split]))


def _hashes(*found: bytes) -> bool:
    return all(len(one) == HASH_BYTES for one in found)
