import pytest
from hypothesis import given
from hypothesis import strategies as st

from hcgov.io.tracking.uri import Kind, choose_store, kind_of, redact, run_page, shown, sqlite_path


def test_a_project_that_names_no_store_gets_its_own_inside_its_own_folder(tmp_path):
    store = choose_store(tmp_path, environ={})
    assert store.uri == f"sqlite:///{tmp_path.as_posix()}/.hcgov/mlflow.db"
    assert store.artifacts == str(tmp_path / ".hcgov" / "artifacts")
    assert store.embedded


def test_the_nearest_wish_for_a_store_wins(tmp_path):
    environ = {"HCGOV_TRACKING_URI": "http://hcgov", "MLFLOW_TRACKING_URI": "http://shared"}
    shared = {"MLFLOW_TRACKING_URI": "http://shared"}
    assert choose_store(tmp_path, environ=environ, flag="http://f", manifest="http://m").uri == "http://f"
    assert choose_store(tmp_path, environ=environ, manifest="http://m").uri == "http://hcgov"
    assert choose_store(tmp_path, environ=shared, manifest="http://m").uri == "http://m"
    assert choose_store(tmp_path, environ=shared).uri == "http://shared"
    assert choose_store(tmp_path, environ={"MLFLOW_TRACKING_URI": "  "}).embedded


def test_a_relative_sqlite_path_starts_at_the_project(tmp_path):
    store = choose_store(tmp_path, environ={}, manifest="sqlite:///runs/mlflow.db?timeout=3")
    assert store.uri == f"sqlite:///{tmp_path.as_posix()}/runs/mlflow.db?timeout=3"
    assert sqlite_path(store.uri) == tmp_path / "runs" / "mlflow.db"
    absolute = f"sqlite:///{tmp_path.as_posix()}/x.db"
    assert choose_store(tmp_path, environ={}, manifest=absolute).uri == absolute


@pytest.mark.parametrize(
    ("uri", "kind"),
    [
        ("http://localhost:5000", Kind.HTTP),
        ("HTTPS://mlflow.example", Kind.HTTP),
        ("sqlite:////a/b.db", Kind.SQLITE),
        ("postgresql+psycopg://u:p@h/db", Kind.SQL),
        ("mysql+pymysql://h/db", Kind.SQL),
        ("file:///a/mlruns", Kind.FOLDER),
        ("./mlruns", Kind.FOLDER),
        ("C:\\mlruns", Kind.FOLDER),
        ("databricks", Kind.OTHER),
        ("databricks://profile", Kind.OTHER),
    ],
)
def test_the_scheme_says_how_a_store_is_reached(uri, kind):
    assert kind_of(uri) is kind


@pytest.mark.parametrize(
    ("told", "safe"),
    [
        ("https://ann:s3cret@mlflow.example:5000/x", "https://***@mlflow.example:5000/x"),
        ("https://token@mlflow.example", "https://***@mlflow.example"),
        ("postgresql://ann:p/w@x@host/db", "postgresql://***@host/db"),
        ("cannot reach 'https://a:b@h/p?api_key=abc&x=1'", "cannot reach 'https://***@h/p?api_key=***&x=1'"),
        ("sqlite:////home/ann@work/mlflow.db", "sqlite:////home/ann@work/mlflow.db"),
    ],
)
def test_credentials_are_not_shown(told, safe):
    assert shown(told) == safe


def test_the_secrets_that_mlflow_reads_from_the_environment_are_not_shown_either():
    environ = {"MLFLOW_TRACKING_TOKEN": "tok-123456", "MLFLOW_TRACKING_PASSWORD": "hunter22"}
    assert redact("401 for tok-123456 with hunter22", environ) == "401 for *** with ***"


SECRET = st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S"), exclude_characters="'\"<>"))


@given(user=SECRET, password=SECRET)
def test_no_password_survives_whatever_it_is_made_of(user, password):
    uri = f"https://{user}:{password}@mlflow.example/health"
    assert shown(uri) == "https://***@mlflow.example/health"


def test_a_page_address_names_the_run_and_no_credentials():
    assert run_page("https://a:b@h:5000/", "3", "f00") == "https://h:5000/#/experiments/3/runs/f00"
    assert run_page("sqlite:////x.db", "3", "f00") == ""
