"""Looking for garbage is put off for a piece of work, and comes back whatever becomes of it."""

import gc
import weakref

import pytest

from hcgov.core.collecting import uncollected


def test_it_is_put_off_and_comes_back():
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_comes_back_after_an_error_and_for_each_call():
    @uncollected()
    def work(fails: bool) -> bool:
        if fails:
            raise ValueError("as asked")
        return gc.isenabled()

    for _ in range(2):
        assert work(False) is False
        with pytest.raises(ValueError, match="as asked"):
            work(True)
        assert gc.isenabled()


def test_what_was_off_before_stays_off():
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_garbage_that_was_made_meanwhile_is_found_later():
    class Node:
        pass

    with uncollected():
        node = Node()
        node.itself = node  # type: ignore[attr-defined]  # a cycle
        gone = weakref.ref(node)
        del node
    assert gone() is not None
    gc.collect()
    assert gone() is None
