"""Connections of a manifest: engines in which tables stand. Credentials are named here and stand elsewhere."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

EnvironmentName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Seconds = Annotated[int, Field(ge=1, le=604_800)]
Plain = bool | int | float | str


class ConnectionBase(BaseModel):
    """What every connection has: bounds on waiting, so that an engine that hangs cannot hang a gate."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    connect_seconds: Seconds = Field(default=10, description="Longest wait for the engine to answer at all.")
    statement_seconds: Seconds = Field(default=3600, description="Longest wait for one statement.")
    options: dict[str, Plain] = Field(
        default_factory=dict,
        description="Options of the driver, or Spark configuration; never credentials.",
    )
    options_env: dict[str, EnvironmentName] = Field(
        default_factory=dict, description="Option -> environment variable that holds it, for credentials."
    )


class DatabaseConnection(ConnectionBase):
    """A database behind SQLAlchemy, which any DB-API driver can serve; PostgreSQL is the one that is tested."""

    kind: Literal["sqlalchemy"]
    url: str | None = Field(default=None, description="SQLAlchemy URL without a password.")
    url_env: EnvironmentName | None = Field(
        default=None, description="Environment variable that holds the URL, with a password if need be."
    )


class SparkConnection(ConnectionBase):
    """Spark SQL."""

    kind: Literal["spark"]
    master: str | None = Field(
        default=None,
        description="Spark master such as `local[2]` or `yarn`; the session that is running, or Spark's own "
        "default, if left out.",
    )


Connection = Annotated[DatabaseConnection | SparkConnection, Field(discriminator="kind")]
