"""A Git LFS pointer is not the data it stands for."""

from hcgov.core.evidence.absent import Absence, Absent
from hcgov.io.files import Blob, digest_path, read_blob


def test_the_pointer_is_refused_and_the_file_that_was_fetched_is_read(real_data):
    root = real_data / "hh-rlhf"
    for found in (
        read_blob(root, "pairs", "table", "helpful-base/test.jsonl.gz"),
        digest_path(root, "pairs", "table", "helpful-base/test.jsonl.gz"),
        digest_path(root, "pairs", "table", "helpful-base"),
    ):
        assert isinstance(found, Absent)
        assert found.reason is Absence.LFS_POINTER
        assert "git lfs pull" in str(found.detail)
    assert isinstance(read_blob(root, "pairs", "table", "harmless-base/test.jsonl.gz"), Blob)
