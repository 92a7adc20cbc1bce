"""JUDGE-BENCH: human judgments of a data set's instances, as one JSON document.

Layout: ``data/README.md`` of its repository (Bavaresco et al. 2024, https://arxiv.org/abs/2406.18403). Each metric is
a question. The single scores of an instance stand in a list without a name beside them, so nobody is known to have
judged two instances: the rater is not recorded, unless the project declares that positions are people. The mean or
majority of an instance is read only where the single scores are not published; its rater is ``majority_human`` or
``mean_human``, so that nobody takes it for a person. ``results/`` holds statistics, no judgments.
"""

from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.documents import document
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.rows import ALL_QUESTIONS, Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import list_of, name_of, named, needed, object_of

FORMAT = "judge-bench"
KINDS = (LongKind.EVALUATIONS,)
SUFFIXES = (".json",)

_AGGREGATED = ("majority_human", "mean_human")
_SCORES = "individual_human_scores"
_COLUMNS = ("item", "rater", "rater_kind", "score", "question")


def read(data: bytes, options: Options) -> Rows:
    """Read a data set; see the module for the layout.

    Raises
    ------
    UnreadableError
        It cannot be read, has another layout, or holds statistics of judges.
    """
    whole = object_of(document(data, nan_is_null=True), "the document")
    if "instances" not in whole:
        raise UnreadableError(_why(whole))
    gathered = Gathered(LongKind.EVALUATIONS, _COLUMNS, options.columns)
    positions = options.declared.get("positions") == "people"
    single = 0
    for number, entry in enumerate(list_of(whole["instances"], "`instances`")):
        where = f"`instances[{number}]`"
        one = object_of(entry, where)
        item = named(one, "id", where)
        judged = object_of(needed(one, "annotations", where), f"{where}, `annotations`")
        for question, found in judged.items():
            if options.question in ("", ALL_QUESTIONS, question):
                answers = _scores(
                    object_of(found, f"{where}, `{question}`"), f"{where}, `{question}`", positions
                )
                single += sum(who is None for who, _ in answers)
                for who, score in answers:
                    gathered.add((item, who, "human", score, question), None, one)
                if not answers:
                    gathered.drop("no_score")
    if single:
        gathered.note(
            "{n} {n|score does|scores do} not say who gave them; where the k-th score of every instance is the same "
            "person's, declare `positions: people`",
            n=single,
        )
    return gathered.finished("scores of people")


def fits(seen: Seen) -> bool:
    """Whether a file looks like such a data set."""
    return seen.shape is Shape.JSON and seen.has("dataset", "annotations") and "dataset_url" in seen.first


def _scores(found: dict[str, Tree], where: str, positions: bool) -> list[tuple[str | None, str]]:
    """Return who gave which score; the aggregate only where there are no single scores."""
    given = found.get(_SCORES)
    scores = [name_of(score) for score in ([] if given is None else list_of(given, f"{where}, `{_SCORES}`"))]
    if scores:
        return [
            (str(k) if positions else None, score)
            for k, score in enumerate(scores, start=1)
            if score is not None
        ]
    for key in _AGGREGATED:
        score = name_of(found.get(key))
        if score is not None:
            return [(key, score)]
    return []


def _why(whole: dict[str, Tree]) -> str:
    inner = next(iter(whole.values()), None)
    deepest = next(iter(inner.values()), None) if isinstance(inner, dict) else None
    if isinstance(deepest, dict) and {"kappa_score", "valid_responses"} <= deepest.keys():
        return "the file holds statistics of judges, one a judge, not their judgments; no row can be read from it"
    return "the document has no `instances`; a data set of JUDGE-BENCH lists what was judged there"
