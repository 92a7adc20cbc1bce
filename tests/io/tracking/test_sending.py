import pytest

from hcgov.io.tracking.sending import _reachable


@pytest.mark.parametrize("uri", ["mlflow-artifacts:/1/f00/artifacts", "s3://bucket/1/f00/artifacts"])
def test_artifacts_that_a_server_takes_are_sent(uri):
    assert _reachable(uri)


def test_a_folder_of_the_servers_own_machine_is_used_only_where_it_is_here_too(tmp_path):
    (tmp_path / "with blank").mkdir()
    here = tmp_path / "with blank" / "1" / "f00" / "artifacts"
    assert _reachable(str(here))
    assert _reachable(here.as_uri())
    assert not _reachable("/nowhere/at/all/1/f00/artifacts")
    assert not _reachable("file:///nowhere/at/all/1/f00/artifacts")
    assert not _reachable("./mlruns/1/f00/artifacts")
