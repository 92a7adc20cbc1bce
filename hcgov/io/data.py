"""Where the data that belongs to the program stands: policies, checklists, report templates, examples."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def data_path(*parts: str) -> Path:
    """Return a file or folder of the program's own data, such as ``data_path("policies", "hc-core.yaml")``.

    A wheel carries them under ``hcgov/_data``; in a checkout they stand beside the package. The path is
    returned whether or not it exists.
    """
    carried = _PACKAGE / "_data"
    base = carried if carried.is_dir() else _PACKAGE.parent
    return base.joinpath(*parts)
