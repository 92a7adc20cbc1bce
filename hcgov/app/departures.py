"""Where the controls that decide are not those that were inherited: every report says so on its first screen."""

from collections.abc import Iterator

from hcgov.app.project import Loaded
from hcgov.core.text import Text, text
from hcgov.judgement.loosening import broken_floors, loosened


def departures(loaded: Loaded) -> Iterator[Text]:
    """Yield what was loosened, disabled, is not in force yet, or falls below the floor of a clause."""
    yield from _loosened(loaded)
    for control in loaded.plan.selected:
        if control.aside is not None and control.aside.disabled:
            yield text("{control} is {state}", control=control.spec.id, state=control.aside.text)
        if control.upcoming:
            yield text(
                "{control} is advisory until {day}, from which it is enforced as written",
                control=control.spec.id,
                day=control.upcoming,
            )
    for broken in broken_floors(loaded.packs):
        yield text(
            "{control} does not count for {clause}: its limit is {limit}, and the clause asks for {floor} ({reason})",
            control=broken.control,
            clause=broken.clause,
            limit=broken.limit,
            floor=broken.least,
            reason=broken.floor.reason,
        )


def _loosened(loaded: Loaded) -> Iterator[Text]:
    for pack in loaded.packs:
        for found in loosened(pack, loaded.registry.checks):
            leave = found.step.loosen
            yield text(
                "{control}: `{field}` was loosened by {pack} from {old} to {new}; leave given by {who}: {reason}",
                control=found.control,
                field=found.change.field,
                pack=found.step.pack,
                old=found.change.old or text("nothing"),
                new=found.change.new or text("nothing"),
                who="nobody" if leave is None else leave.approved_by,
                reason="" if leave is None else leave.reason,
            )
