"""Whether a change asks for less than the branch that is trusted: then it does not decide about itself."""

from collections.abc import Iterator
from pathlib import Path

from hcgov.app.policy_diff import Compared, compare_policies
from hcgov.core.mistake import AuthoringError
from hcgov.core.relation import Change
from hcgov.core.text import Text, text
from hcgov.io.manifest import FILE
from hcgov.judgement.policy_difference import ControlDifference, Kind


def weaker_than(root: Path, ref: str) -> tuple[str, ...]:
    """Return what a project's policies ask for less than at a ref, a sentence each.

    A project that is not there yet at the ref has nothing to be compared with.

    Raises
    ------
    AuthoringError
        There is no such ref.
    """
    from hcgov.io.git import at_ref

    if not at_ref(root, ref).has(FILE):
        return ()
    try:
        compared = compare_policies([str(root.resolve())], Path(), base=ref)
    except AuthoringError as error:
        first = error.mistakes[0]
        return (str(text("the policies at {ref} cannot be read: {why}", ref=ref, why=first.message)),)
    return tuple(str(one) for one in _sentences(compared))


def _sentences(compared: Compared) -> Iterator[Text]:
    for one in compared.difference.controls:
        yield from _of_control(one)
    for name in compared.difference.removed_packs:
        yield text("the pack {pack} is no longer used", pack=name)
    for part in compared.difference.parts:
        if part.change.relation.may_loosen:
            yield text("{what}", what=part.told)
    for stated in compared.project:
        if stated.change.relation.may_loosen:
            yield _moved("the project", stated.change)


def _of_control(one: ControlDifference) -> Iterator[Text]:
    if one.kind is Kind.RENAMED:
        yield text("{was} is now called {control}", was=one.was, control=one.control)
    elif one.kind is Kind.REMOVED:
        yield text("{control} is gone", control=one.control)
    elif one.kind is Kind.DISABLED:
        yield text("{control} is disabled", control=one.control)
    else:
        for change in one.changes:
            if change.relation.may_loosen:
                yield _moved(one.control, change)


def _moved(whose: str, change: Change) -> Text:
    return text(
        "{whose}: `{field}` goes from {old} to {new}",
        whose=whose,
        field=change.field,
        old=change.old or text("nothing"),
        new=change.new or text("nothing"),
    )
