"""One verified snapshot: the digest of the bytes that were scanned, computed beside the scan."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from hcgov.core.evidence.absent import Absent
from hcgov.core.evidence.source import Source
from hcgov.core.project import Table
from hcgov.io.files import digest_path
from hcgov.io.refusals import changed
from hcgov.io.tables.place import Fingerprint, Place
from hcgov.io.tables.unread import UnreadError


class Snapshot:
    """Watches a table from before its scan until after it.

    The digest runs in a thread (hashlib lets go of the interpreter's lock); size, time and inode are compared
    before and after, so that digest and counts are those of the same bytes.
    """

    def __init__(self, where: Place, table: Table, root: Path, allowed_roots: tuple[Path, ...]) -> None:
        self._where = where
        self._before = self._fingerprint()
        self._by_file: dict[Path, str] = {}
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._digest: Future[Source | Absent] = self._pool.submit(
            digest_path,
            root,
            where.name,
            "table",
            where.path,
            pinned=table.sha256,
            allowed_roots=allowed_roots,
            told=self._by_file.__setitem__,
        )
        self._pool.shutdown(wait=False)

    def digests(self) -> dict[Path, str]:
        """Return the digest of each file of a folder, as soon as all are known.

        Raises
        ------
        UnreadError
            A file cannot be read, or the digest of the folder is not the pinned one.
        """
        source = self._digest.result()
        if isinstance(source, Absent):
            raise UnreadError(source)
        return self._by_file

    def seal(self, rows: int | None) -> Source:
        """Return the source with its number of rows.

        Raises
        ------
        UnreadError
            The digest is not the pinned one, or the table changed since the snapshot began.
        """
        source = self._digest.result()
        if self._fingerprint() != self._before:
            raise UnreadError(changed(self._where.name, self._where.path))
        if isinstance(source, Absent):
            raise UnreadError(source)
        return replace(source, rows=rows)

    def _fingerprint(self) -> Fingerprint:
        try:
            return self._where.fingerprint()
        except OSError:  # gone since it was found: differs from any real fingerprint
            return ()
