"""Sheets about preferences: what a set holds, who was to be asked, groups of opinion, and who loses by which rule."""

from dataclasses import replace
from pathlib import Path

from hcgov.app.longs import Asked, found, read
from hcgov.app.sheets.leading import sheet_of
from hcgov.app.sheets.records import record_at
from hcgov.core.evidence.long import Long
from hcgov.core.evidence.source import Source, Tree
from hcgov.core.frozen import frozen
from hcgov.core.long_tables import LongKind
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.core.sheet import Note, Section, Sheet
from hcgov.core.text import text


def preference_profile(
    asked: Asked, *, date: str, population: Path | None = None, dimension: str = ""
) -> Sheet:
    """Return the card of a set of preferences, whatever it was collected for.

    Parameters
    ----------
    population
        Record with the margins of a population that the people are held against; ``None`` for none.
    dimension
        Only judgments in this respect.

    Raises
    ------
    AuthoringError
        The judgments cannot be read, or the population is none.
    """
    from hcgov.stages.judgments.sheets.preference_models import (
        heterogeneity_section,
        outcome_section,
        strength_section,
    )
    from hcgov.stages.judgments.sheets.preference_profile import sections as profile_sections

    long = read(asked, LongKind.PREFERENCES)
    sections = [*profile_sections(long)]
    if long.has("annotator"):  # else rows are not known to be people's choices
        sections.append(outcome_section(long, dimension))
        if long.has("model_a", "model_b"):
            sections.append(strength_section(long, dimension))
        if long.groups:
            sections.append(heterogeneity_section(long, dimension))
    if population is not None:
        sections += _population(long, population)
    return sheet_of(
        "preference-profile", text("Preferences of {table}", table=_name(asked)), long, sections, date
    )


def preference_clusters(asked: Asked, *, date: str, dimension: str = "") -> Sheet:
    """Return the groups of opinion of a set of preferences, or that there is no evidence of any."""
    from hcgov.stages.judgments.sheets.preference_groups import cluster_section

    long = read(asked, LongKind.PREFERENCES, needs=("annotator",), texts=False)
    title = text("Groups of opinion in {table}", table=_name(asked))
    return sheet_of("preference-clusters", title, long, [cluster_section(long, dimension)], date)


@frozen
class Aggregated:
    """A sheet of an aggregation, with one receipt for each column that people are grouped by."""

    sheet: Sheet
    receipts: dict[str, Tree]


def aggregation(asked: Asked, *, date: str) -> Aggregated:
    """Return what every rule of aggregation comes to, and who loses by it.

    Raises
    ------
    AuthoringError
        The judgments cannot be read.
    """
    from hcgov.stages.judgments.choices import NoChoices
    from hcgov.stages.judgments.receipts import receipt_of, tree_of
    from hcgov.stages.judgments.sheets.aggregation import aggregation_section

    long = read(asked, LongKind.PREFERENCES)
    columns = tuple(column for column in long.rules.columns if column in long.groups) or ("",)
    receipts: dict[str, Tree] = {}
    for column in columns:
        made = receipt_of(long, column)
        if not isinstance(made, NoChoices):
            receipts[column or "everyone"] = tree_of(made)
    sections = [aggregation_section(long, column) for column in columns]
    title = text("What each rule makes of {table}", table=_name(asked))
    return Aggregated(
        sheet=sheet_of("preference-aggregation", title, long, sections, date), receipts=receipts
    )


def verified(asked: Asked, receipt: Path) -> tuple[str, ...]:
    """Return where a receipt differs from what the raw choices give; empty where it is what they give.

    Raises
    ------
    AuthoringError
        The receipt or the choices cannot be read.
    """
    from hcgov.stages.judgments.recomputing import column_of, recompute

    written = record_at(receipt, "receipt").data
    if not asked.by and (column := column_of(written)):
        asked = replace(asked, by=(column,))
    long = read(asked, LongKind.PREFERENCES)
    return tuple(f"{one.path}: written {one.written}, found {one.found}" for one in recompute(written, long))


def sampling(
    plan: Tree, source: Source, asked: Asked | None, *, date: str, population: Path | None = None
) -> Sheet:
    """Return a sampling plan, and how far people fill it where there are any.

    Parameters
    ----------
    plan
        As it is written in ``sampling_plan.yaml``.
    source
        Where its shares were read.
    asked
        Judgments that were collected so far.
    """
    from hcgov.core.evidence.documents import Record
    from hcgov.stages.judgments.plans import plan_of
    from hcgov.stages.judgments.sheets.sampling import plan_section

    planned, told = plan_of(Record(data=plan, source=source))
    if planned is None:
        raise AuthoringError([Mistake(code="HCG-U001", message=str(one.text), help="") for one in told])
    title = text("Sampling plan by {columns}", columns=", ".join(planned.plan.columns))
    if asked is None:
        return Sheet(
            kind="preference-plan",
            title=title,
            lead=(Note(text=text("Nobody has been asked yet; this is who is to be.")),),
            sections=(plan_section(planned),),
            date=date,
            sources=(source,),
        )
    long = read(asked, found_kind(asked), texts=False)
    sections = [plan_section(planned, long), *([] if population is None else _population(long, population))]
    made = sheet_of("preference-plan", title, long, sections, date)
    return replace(made, sources=(source, *made.sources))


def found_kind(asked: Asked) -> LongKind:
    """Return which table of people is asked for: preferences, or annotations where there are none of those."""
    if not asked.target.is_dir():
        return LongKind.PREFERENCES
    try:
        return found(asked, LongKind.PREFERENCES).kind
    except AuthoringError:
        return found(asked, LongKind.ANNOTATIONS).kind


def _population(long: Long, population: Path) -> list[Section]:
    from hcgov.stages.judgments.sheets.sampling import mix_section, weights_section
    from hcgov.stages.judgments.weighting import margins_written

    wanted, told = margins_written(record_at(population, "population"))
    if wanted is None:
        raise AuthoringError([Mistake(code="HCG-U001", message=str(one.text), help="") for one in told])
    return [mix_section(long, wanted), weights_section(long, wanted)]


def _name(asked: Asked) -> str:
    return asked.artifact or asked.target.name or str(asked.target)
