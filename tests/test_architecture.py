"""The house holds itself up: floors, no clock and no files on the pure floors, nothing heavy on light paths."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyarrow import csv

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "hcgov"
PURE = ("core", "stats", "stages", "judgement")
BANNED_MODULES = {
    "os",
    "pathlib",
    "subprocess",
    "socket",
    "time",
    "random",
    "logging",
    "io",
    "tempfile",
    "shutil",
    "numpy",
    "pandas",
    "duckdb",
    "sqlglot",
    "sqlalchemy",
    "pyspark",
    "psycopg",
    "polars",
    "pyarrow",
    "mlflow",
    "great_expectations",
    "fairlearn",
    "sklearn",
    "jinja2",
    "ruamel",
    "yaml",
    "urllib",
    "http",
    "threading",
}
BANNED_CALLS = {"open", "eval", "exec", "compile", "__import__", "input", "print"}
COMPILES = PACKAGE / "core" / "frozen.py"
"""Compiles the names of a record's fields, as the standard library's dataclasses do, and nothing from elsewhere."""
BANNED_ATTRIBUTES = {"now", "utcnow", "today"}
HEAVY = (
    "pandas",
    "mlflow",
    "great_expectations",
    "fairlearn",
    "sklearn",
    "sqlglot",
    "duckdb",
    "numpy",
    "scipy",
    "pyarrow",
    "polars",
    "narwhals",
    "sqlalchemy",
    "psycopg",
    "pyspark",
    "py4j",
)
ENGINE = {"duckdb"}
"""What a check of a small table imports of them."""

VECTOR = PACKAGE / "stats" / "vector"
ARRAYS = (
    *(
        PACKAGE / "stats" / room
        for room in (
            "vector",
            "aggregation",
            "agreement",
            "annotators",
            "judges",
            "oversight",
            "personal",
            "preferences",
            "sampling",
            "texts",
            "crossed.py",
        )
    ),
    PACKAGE / "stages" / "judgments",
)
"""Rooms that compute on arrays: what is asked of people's judgments needs all rows at once."""


def _pure_modules() -> list[Path]:
    return [path for floor in PURE for path in sorted((PACKAGE / floor).rglob("*.py"))]


def _offences(tree: ast.AST) -> list[str]:
    """Return what a pure module may not do."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [f"imports {a.name}" for a in node.names if a.name.partition(".")[0] in BANNED_MODULES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in BANNED_MODULES:
            found.append(f"imports from {node.module}")
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in BANNED_CALLS:
                found.append(f"calls {node.func.id}")
            if isinstance(node.func, ast.Attribute) and node.func.attr in BANNED_ATTRIBUTES:
                found.append(f"calls .{node.func.attr}()")
    return found


@pytest.mark.parametrize("path", _pure_modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_pure_module_touches_neither_clock_nor_files(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    found = _offences(ast.parse(source))
    # Arithmetic on arrays is as pure. A check of judgments is imported where a control needs it, and only there.
    about_judgments = PACKAGE / "stages" in path.parents and "hcgov.stages.judgments" in source
    if about_judgments or any(room in (path, *path.parents) for room in ARRAYS):
        found = [one for one in found if not one.endswith((" numpy", " numpy.typing"))]
    assert found == (["calls exec"] if path == COMPILES else [])


def test_nothing_imports_the_vector_forms_when_it_is_imported() -> None:
    for path in PACKAGE.rglob("*.py"):
        if VECTOR not in path.parents:
            top = ast.parse(path.read_text(encoding="utf-8")).body
            modules = [node.module or "" for node in top if isinstance(node, ast.ImportFrom)]
            names = [
                f"{node.module}.{a.name}"
                for node in top
                if isinstance(node, ast.ImportFrom)
                for a in node.names
            ]
            assert not any(name.startswith("hcgov.stats.vector") for name in (*modules, *names)), path


@pytest.mark.parametrize(
    "planted",
    [
        "import os",
        "from pathlib import Path",
        "open('x')",
        "datetime.now()",
        "date.today()",
        "import pandas as pd",
        "eval('1')",
    ],
)
def test_the_test_for_purity_sees_a_planted_fault(planted: str) -> None:
    assert _offences(ast.parse(planted)) != []


def test_there_are_pure_modules_to_look_at() -> None:
    assert len(_pure_modules()) > 40


def _imported(code: str) -> set[str]:
    """Return the modules that a fresh interpreter holds after running code."""
    out = subprocess.run(
        [sys.executable, "-c", f"import sys, json\n{code}\nprint(json.dumps(sorted(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return set(json.loads(out.stdout.splitlines()[-1]))


LIGHT = {
    "import hcgov": "import hcgov",
    "--help": (
        "sys.argv = ['hcgov', '--help']\nimport contextlib, io\nfrom hcgov.__main__ import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n    main()"
    ),
}


@pytest.mark.parametrize("code", LIGHT.values(), ids=LIGHT.keys())
def test_nothing_heavy_is_imported_on_a_light_path(code: str) -> None:
    # Models of pydantic take a fifth of a second to build, which every command would pay.
    assert _imported(code) & {*HEAVY, "pydantic"} == set()


@pytest.mark.parametrize(
    ("asked", "needed"),
    [
        ("--help", set()),
        ("check --help", {"check", "asking", "failing", "progress"}),
        (
            "policy --help",
            {"policy", "policy_diff", "policy_schema", "policy_test", "asking", "failing", "progress"},
        ),
        ("chek", set()),
    ],
)
def test_only_the_command_that_is_asked_for_is_imported(asked: str, needed: set[str]) -> None:
    code = (
        f"sys.argv = ['hcgov', *{asked.split()!r}]\nimport contextlib, io\nfrom hcgov.__main__ import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n    main()"
    )
    package = "hcgov.cli."
    imported = {name.removeprefix(package) for name in _imported(code) if name.startswith(package)}
    assert imported == {"commands", *needed}


CHECKED = """
import contextlib, io, pathlib, shutil, sys
project = pathlib.Path(FOLDER) / "project"
shutil.copytree("examples/support-copilot", project, ignore=shutil.ignore_patterns(".hcgov"))
suggestions = project / "evaluation" / "suggestions.csv"
if PARQUET:
    shutil.copy(PARQUET, suggestions)
    manifest = project / "hcgov.yaml"
    lines = manifest.read_text(encoding="utf-8").splitlines()
    start = lines.index("  predictions:")
    lines[start + 3 : start + 4] = ["    format: parquet"]
    manifest.write_text("\\n".join(lines), encoding="utf-8")
sys.argv = ["hcgov", "check", str(project), "--no-mlflow", "--output-format", "concise", *ASKED]
from hcgov.__main__ import main
out = io.StringIO()
try:
    with contextlib.redirect_stdout(out):
        main()
except SystemExit as leaving:
    assert leaving.code == 0, out.getvalue()
"""


@pytest.mark.parametrize("asked", [["--stage", "data"], ["--stage", "evaluation"]], ids=lambda a: a[1])
@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
def test_a_check_of_a_small_table_imports_the_engine_and_nothing_else_that_is_heavy(
    asked: list[str], parquet: bool, tmp_path: Path
) -> None:
    file = ""
    if parquet:
        table = csv.read_csv(ROOT / "examples" / "support-copilot" / "evaluation" / "suggestions.csv")
        file = str(tmp_path / "suggestions.parquet")
        pq.write_table(table, file)
    given = f"FOLDER, PARQUET, ASKED = {str(tmp_path)!r}, {file!r}, {asked!r}"
    assert _imported(given + CHECKED) & set(HEAVY) <= ENGINE


UNASKED = {
    "hcgov.app.diff",
    "hcgov.app.mappings",
    "hcgov.app.policy_diff",
    "hcgov.app.sheets",
    "hcgov.app.trust_differences",
    "hcgov.app.weaker",
    "hcgov.core.baseline",
    "hcgov.core.sheet",
    "hcgov.core.waiver",
    "hcgov.io.baselines",
    "hcgov.io.git",
    "hcgov.io.render.sheets",
    "hcgov.io.signing",
    "hcgov.judgement.policy_difference",
    "hcgov.judgement.rejudging",
    "hcgov.judgement.run_difference",
}
"""What only a check needs that has judgments, waivers, a baseline, a trusted ref or an earlier record."""


def test_a_check_imports_nothing_that_only_other_projects_and_options_need(tmp_path: Path) -> None:
    given = f"FOLDER, PARQUET, ASKED = {str(tmp_path)!r}, '', ['--stage', 'design']"
    assert _imported(given + CHECKED) & UNASKED == set()


def test_version_imports_nothing_but_the_package() -> None:
    code = (
        "sys.argv = ['hcgov', '--version']\nimport contextlib, io\nfrom hcgov.__main__ import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n    main()"
    )
    assert {"typer", "pydantic", "hcgov.core"} & _imported(code) == set()


def test_linear_algebra_has_one_thread_unless_somebody_says_otherwise() -> None:
    code = (
        "import sys\nsys.argv = ['hcgov', '--help']\nimport contextlib, io, os\nfrom hcgov.__main__ import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n    main()\n"
        "print(os.environ['OPENBLAS_NUM_THREADS'], os.environ['OMP_NUM_THREADS'], 'numpy' in sys.modules)"
    )
    known = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")} | {"OMP_NUM_THREADS": "3"}
    out = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT, env=known
    )
    assert out.stdout.splitlines()[-1] == "1 3 False"


def test_no_file_of_the_package_is_over_the_house_measure() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in PACKAGE.rglob("*.py")
        if (n := len(p.read_text().splitlines())) > 320
    }
    assert long == {}


def test_the_contracts_of_the_architecture_hold() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([tool, "--no-cache"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout
