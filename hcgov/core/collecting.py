"""Work without looking for cyclic garbage, where much is made that stays and none of it is a cycle."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Do not look for cyclic garbage meanwhile; what was switched off before stays so.

    A thousand findings are ten thousand objects, and after each few hundred of them the interpreter looks through those
    that are young, and now and then through everything that any library has made: a fifth of the time of judging.
    """
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()
