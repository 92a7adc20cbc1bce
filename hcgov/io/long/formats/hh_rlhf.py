r"""hh-rlhf: pairs of transcripts, ``chosen`` and ``rejected``, as JSON Lines, also packed with gzip.

Layout: Bai et al. 2022 (https://arxiv.org/abs/2204.05862) and the set's README. A transcript opens turns with
``\n\nHuman:`` and ``\n\nAssistant:``. The prompt is what both transcripts have in common up to the last reply that
both open; what remains of each is its response. The chosen response is response a; who chose is not said.
"""

from hcgov.core.evidence.source import Tree
from hcgov.core.long_tables import LongKind
from hcgov.io.long.formats.documents import records
from hcgov.io.long.formats.gathering import Gathered
from hcgov.io.long.formats.pairs import TURN, named_prompt, shared_text
from hcgov.io.long.formats.rows import Options, Rows, UnreadableError
from hcgov.io.long.formats.sniffing import Seen, Shape
from hcgov.io.long.formats.values import kind_of, needed

FORMAT = "hh-rlhf"
KINDS = (LongKind.PREFERENCES,)
SUFFIXES = (".jsonl.gz", ".jsonl")

_COLUMNS = ("prompt_id", "choice", "prompt", "response_a", "response_b", "dimension")


def read(data: bytes, options: Options) -> Rows:
    """Read a file of pairs; see the module for the layout.

    Raises
    ------
    UnreadableError
        It cannot be read, or has another layout.
    """
    gathered = Gathered(LongKind.PREFERENCES, _COLUMNS, options.columns)
    apart = 0
    for where, record in records(data):
        chosen, rejected = (_transcript(record, key, where) for key in ("chosen", "rejected"))
        prompt, a, b = shared_text(chosen, rejected, TURN)
        apart += not prompt
        pair = (named_prompt(prompt), "a", prompt, a.strip(), b.strip())
        gathered.add((*pair, options.dimension or None), None, record)
    if apart:
        gathered.note(
            "{n} {n|pair has|pairs have} no common reply: the transcripts differ from the start", n=apart
        )
    return gathered.finished("pairs")


def fits(seen: Seen) -> bool:
    """Whether a file looks like such pairs."""
    return seen.shape is Shape.JSON and all(
        isinstance(seen.first.get(key), str) and str(seen.first[key]).lstrip().startswith("Human:")
        for key in ("chosen", "rejected")
    )


def _transcript(record: dict[str, Tree], key: str, where: str) -> str:
    found = needed(record, key, where)
    if not isinstance(found, str):
        raise UnreadableError(
            "{where}: `{key}` is {what}, not a transcript; chats are read in format `trl`",
            where=where,
            key=key,
            what=kind_of(found),
        )
    if "Human:" not in found and "Assistant:" not in found:
        raise UnreadableError(
            "{where}: `{key}` opens no turn with `Human:` or `Assistant:`; texts are read in format `trl`",
            where=where,
            key=key,
        )
    return found
