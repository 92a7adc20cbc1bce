"""What every artifact of a manifest has, and how files of values are written."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Scalar = bool | int | float | str
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Spec(BaseModel):
    """Base of every part of a manifest: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class CsvDialect(Spec):
    """How a CSV file is written; everything has the usual default."""

    delimiter: str = Field(default=",", min_length=1, max_length=4)
    quote: str = Field(default='"', max_length=1)
    header: bool = Field(default=True, description="Whether the first row names the columns.")
    names: tuple[str, ...] = Field(default=(), description="Column names, where the file has no header.")
    skip: int = Field(default=0, ge=0, description="Lines to skip before the header or the first row.")
    encoding: str = Field(default="utf-8", description="Any encoding Python knows.")
    strip: bool = Field(default=False, description="Remove blanks around values.")
    null_values: tuple[str, ...] = Field(default=("",), description="Values that mean `not recorded`.")


Sample = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]


class ArtifactBase(Spec):
    """What every artifact has."""

    path: str | None = Field(default=None, description="File or folder, relative to the project.")
    uri: str | None = Field(default=None, description="runs:/… or models:/…")
    sha256: Sha256 | None = Field(default=None, description="Pinned digest; anything else is refused.")
    sample: Sample | None = Field(
        default=None,
        description="Name of the drawing of people and labels in it. A new name says that they were drawn anew: "
        "attempts at them count from 1 again.",
    )
    description: str = ""
