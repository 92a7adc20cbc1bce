"""in-toto Statements, version 1: what is said (predicate) about which artifacts (subject).

https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hcgov.core.evidence.source import Tree
from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.canonical import canonical
from hcgov.io.json import parse_json

TYPE = "https://in-toto.io/Statement/v1"


@frozen
class Statement:
    """A statement.

    Parameters
    ----------
    subject
        SHA-256 (lower-case hex) of each artifact by its name; at least one.
    predicate_type
        URI that says how the predicate is meant.
    predicate
        What is said.
    """

    subject: Mapping[str, str]
    predicate_type: str
    predicate: Mapping[str, Tree]

    def to_json(self) -> bytes:
        """Return the statement as canonical JSON: the payload of an envelope.

        Raises
        ------
        ValueError
            It has no subject, or a number in it has no canonical form.
        """
        if not self.subject:
            raise ValueError("a statement about nothing proves nothing")
        return canonical(
            {
                "_type": TYPE,
                "subject": [
                    {"name": name, "digest": {"sha256": sha256}} for name, sha256 in self.subject.items()
                ],
                "predicateType": self.predicate_type,
                "predicate": dict(self.predicate),
            }
        )


class _Spec(BaseModel):
    # in-toto tells readers to pass over fields that they do not know.
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, defer_build=True)


class _DigestSpec(_Spec):
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _SubjectSpec(_Spec):
    name: Annotated[str, Field(min_length=1)]
    digest: _DigestSpec


class _StatementSpec(_Spec):
    type_: Literal["https://in-toto.io/Statement/v1"] = Field(alias="_type")
    subject: list[_SubjectSpec] = Field(min_length=1)
    predicate_type: Annotated[str, Field(alias="predicateType", min_length=1)]


def read_statement(payload: bytes, file: str) -> Statement:
    """Read the payload of an envelope whose signature was verified before.

    Raises
    ------
    AuthoringError
        It is no statement of version 1 about artifacts that are named by SHA-256, each once.
    """
    found = parse_json(payload, file).data
    try:
        spec = _StatementSpec.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _no_statement(file, f"`{place}`: {first['msg']}") from error
    predicate = found.get("predicate", {}) if isinstance(found, dict) else {}
    if not isinstance(predicate, dict):
        raise _no_statement(file, "`predicate` is no object")
    subject = {one.name: one.digest.sha256 for one in spec.subject}
    if len(subject) != len(spec.subject):
        raise _no_statement(file, "two subjects have one name")
    return Statement(subject=subject, predicate_type=spec.predicate_type, predicate=predicate)


def _no_statement(file: str, why: str) -> AuthoringError:
    message = f"`{file}` is no in-toto statement: {why}"
    return AuthoringError([Mistake(code="HCG-S005", message=message)])
