"""Import what a check without Great Expectations and MLflow could need, and open DuckDB."""

import duckdb
import jinja2
import numpy as np
import ruamel.yaml
import typer

assert all((jinja2.Environment, np.ndarray, ruamel.yaml.YAML, typer.Typer))
assert duckdb.connect().execute("SELECT 1").fetchall() == [(1,)]
