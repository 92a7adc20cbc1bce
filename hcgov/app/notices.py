"""What a report says about itself: notices with codes, and what was not looked at or not held."""

from collections.abc import Iterator, Sequence

from hcgov.app.choices import choices
from hcgov.app.gather import Gathered
from hcgov.app.project import Loaded
from hcgov.core.evidence.long import Long, LongOf
from hcgov.core.record import ControlV1, NoticeV1, SentenceV1
from hcgov.core.text import Text, text
from hcgov.judgement.evidence_index import sentence


def notices(loaded: Loaded, gathered: Gathered) -> tuple[NoticeV1, ...]:
    """Return what the person who runs the check should know, with its codes."""
    told: list[tuple[str, Text]] = [
        (
            "HCG-N101",
            text("the stage pack `{pack}` could not be imported: {reason}", pack=pack, reason=reason),
        )
        for pack, reason in loaded.registry.broken.items()
    ]
    unpinned = [
        name
        for name, artifact in loaded.manifest.project.artifacts.items()
        if artifact.sha256 is None and name in gathered.sources and gathered.sources[name].sha256
    ]
    if unpinned:
        told.append(
            (
                "HCG-N102",
                text(
                    "{n} of {total} {total|artifact|artifacts} {n|is|are} not pinned by `sha256`, so a file cut "
                    "short at the end of a row "
                    "would not be noticed",
                    n=len(unpinned),
                    total=len(gathered.sources),
                ),
            )
        )
    return tuple(NoticeV1(code=code, message=sentence(message)) for code, message in told)


def limits(
    loaded: Loaded, gathered: Gathered, created: str, controls: Sequence[ControlV1]
) -> tuple[SentenceV1, ...]:
    """Return what was not looked at or not held, for the first screen.

    Parameters
    ----------
    created
        Time of the run.
    controls
        What came of the controls.
    """
    told = []
    if loaded.plan.not_run:
        names = ", ".join(stage.title for stage in loaded.plan.not_run)
        told.append(text("Stages that were not checked: {stages}", stages=names))
    if loaded.plan.left_out:
        told.append(
            text("Controls that were not selected: {controls}", controls=", ".join(loaded.plan.left_out))
        )
    told += [
        text(
            "{control}: small slices are only listed, because {reason}",
            control=c.spec.id,
            reason=c.spec.small_slices_reason,
        )
        for c in loaded.plan.selected
        if c.spec.small_slices == "list"
    ]
    told += [
        text(
            "{control}: repeated attempts are only counted, because {reason}",
            control=c.spec.id,
            reason=c.spec.attempts_reason,
        )
        for c in loaded.plan.selected
        if c.spec.attempts == "show" and c.limit is not None
    ]
    told += choices(loaded.plan, loaded.manifest)
    told += uncrossed(loaded, controls)
    longs = [one for one in gathered.evidence.values() if isinstance(one, Long)]
    if longs:
        from hcgov.app.mappings import left_out  # most projects hold no judgments

        told += left_out(longs)
    told += [
        text(
            "`{artifact}` was read live from {location} at {time}: its content is not pinned, and may differ by now",
            artifact=name,
            location=source.location,
            time=created,
        )
        for name, source in gathered.sources.items()
        if source.kind == "table" and not source.sha256
    ]
    told += [
        text(
            "Files of `{artifact}` whose counts are those of an earlier check of the same bytes: {n}; `--fresh` counts "
            "all anew",
            n=f"{len(source.counted_before):,}",
            artifact=name,
        )
        for name, source in gathered.sources.items()
        if source.counted_before
    ]
    unread = [
        n for n in loaded.manifest.project.artifacts if n not in gathered.sources and n not in gathered.absent
    ]
    if unread:
        told.append(text("Artifacts that no control read: {names}", names=", ".join(unread)))
    return tuple(sentence(one) for one in told)


def uncrossed(loaded: Loaded, controls: Sequence[ControlV1]) -> Iterator[Text]:
    """Yield which controls of judgments compare groups of single columns only, though crossings are asked for."""
    slices = loaded.manifest.project.slices
    crossing = {
        planned.spec.id: rules.by
        for planned in loaded.plan.selected
        for request in planned.requests.values()
        if isinstance(request, LongOf)
        and planned.limit is not None
        and len((rules := slices.tightened(request.slices)).by) > 1
        and rules.cross > 1
    }
    by_columns: dict[tuple[str, ...], list[str]] = {}
    for control in controls:
        deepest = max((finding.depth for finding in control.findings), default=0)
        if control.id in crossing and deepest == 1:
            by_columns.setdefault(crossing[control.id], []).append(control.id)
    for columns, ids in by_columns.items():
        yield text(
            "Crossings of {columns} are not compared by {controls}",
            columns=", ".join(columns),
            controls=", ".join(ids),
        )
