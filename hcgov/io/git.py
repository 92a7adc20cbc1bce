"""The files of a project as they stand at a commit, read through git without checking anything out.

A pull request can change every file it is judged by. What must not be its own is read from the branch it goes to.
Nothing of the request is run: no filter, hook, pager, replacement or helper, and no variable of the environment or
setting of the repository decides where git looks.
"""

import errno
import os
import posixpath
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake

PATIENCE = 60
"""Seconds after which git is not waited for."""

_SAFE = ("--no-pager", "--no-replace-objects", "--no-optional-locks", "--literal-pathspecs")
_SETTINGS = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never")
_NO_REF = re.compile(r"[\s\x00-\x1f\x7f:\\*?\[]|\.\.")
_STEPS = re.compile(r"[~^]|@\{")
_KINDS = ("refs/heads", "refs/remotes", "refs/tags", "refs")
"""Where git looks for a name, what is most likely meant first."""
_COMMIT = re.compile(r"[0-9a-f]{40,64}\Z")


@frozen
class AtRef:
    """The files of a project at a commit.

    Parameters
    ----------
    ref, commit
        The name that was given, and the commit it stands for.
    root
        Folder of the project as it is checked out.
    prefix
        Path of that folder in the repository, empty or ending in ``/``.
    """

    ref: str
    commit: str
    root: Path
    prefix: str

    def read(self, path: str, most: int) -> bytes:
        """Return the first ``most`` bytes of a file of the project.

        Parameters
        ----------
        path
            Relative to the project, as a manifest writes it.

        Raises
        ------
        OSError
            There is no such file at the commit, it is a link, folder or submodule, or the path leaves the project.
        """
        mode, blob, size = self._entry(path)
        if mode not in ("100644", "100755"):
            raise OSError(errno.EINVAL, f"at {self.ref} it is a link, folder or submodule, not a file")
        if size > most:
            raise OSError(errno.EFBIG, f"at {self.ref} it has {size:,} bytes, and at most {most:,} are read")
        return _git(self.root, "cat-file", "blob", blob)

    def has(self, path: str) -> bool:
        """Whether the commit has such a file in the project."""
        try:
            return self._entry(path)[0] in ("100644", "100755")
        except OSError:
            return False

    def files(self, folder: str = "") -> tuple[str, ...]:
        """Return the paths of all regular files below a folder of the project, sorted; links are left out."""
        inside = posixpath.join(self.prefix, folder) if folder else self.prefix
        below = (inside.rstrip("/") + "/",) if inside.rstrip("/") else ()
        listed = _git(self.root, "ls-tree", "-r", "-z", "--full-tree", self.commit, "--", *below)
        found = []
        for line in listed.decode("utf-8", "surrogateescape").split("\0"):
            meta, tab, path = line.partition("\t")
            if tab and meta.startswith("100"):
                found.append(path.removeprefix(self.prefix))
        return tuple(sorted(found))

    def _entry(self, path: str) -> tuple[str, str, int]:
        """Return mode, object and size of what stands at a path."""
        inner = posixpath.normpath(path.replace(os.sep, "/"))
        if (
            not path.strip()
            or "\0" in path
            or PurePosixPath(inner).is_absolute()
            or inner.split("/")[0] == ".."
        ):
            raise OSError(errno.EACCES, "the path leads outside the project")
        listed = _git(
            self.root, "ls-tree", "-z", "-l", "--full-tree", self.commit, "--", f"{self.prefix}{inner}"
        )
        meta, tab, _ = listed.decode("utf-8", "surrogateescape").partition("\t")
        if not tab:
            raise FileNotFoundError(errno.ENOENT, f"there is no such file at {self.ref}")
        mode, _, blob, size = meta.split()
        return mode, blob, int(size) if size.isdigit() else 0


def at_ref(root: Path, ref: str, *, option: str = "--trusted-ref") -> AtRef:
    """Return the files of a project as they stand at a ref.

    Parameters
    ----------
    root
        Folder of the project, inside a git repository.
    ref
        A branch, tag or commit, such as ``origin/main``.
    option
        Option that it was given by, as people are told of it.

    Raises
    ------
    AuthoringError
        The name is none that git may be given, it names no commit here, or there is no repository or no git.
    """
    if not ref or ref.startswith("-") or _NO_REF.search(ref) or not ref.isprintable():
        message = f"`{ref}` cannot be the name of a branch, tag or commit"
        raise AuthoringError(
            [Mistake(code="HCG-G001", message=message, help=f"write for example {option} origin/main")]
        )
    try:
        prefix = _git(root, "rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").rstrip("\n")
    except OSError as error:
        reason = (
            "git is not installed" if isinstance(error, FileNotFoundError) else str(error.strerror or error)
        )
        raise AuthoringError(
            [
                Mistake(
                    code="HCG-G002",
                    message=f"`{option} {ref}`: no git repository can be read at `{root}`: {reason}",
                    help=f"check out the repository with git, or leave {option} out",
                )
            ]
        ) from error
    try:
        told = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        commit = told.decode("ascii", "replace").strip()
    except OSError:
        commit = ""
    if not _COMMIT.match(commit):
        raise AuthoringError(
            [
                Mistake(
                    code="HCG-G001",
                    message=f"`{ref}` names no commit of this repository",
                    help="fetch it first, such as `git fetch origin main`; in CI, check out with the full history",
                )
            ]
        )
    _hold_unique(root, ref, option)
    return AtRef(ref=ref, commit=commit, root=root, prefix=prefix)


def _hold_unique(root: Path, ref: str, option: str) -> None:
    """Refuse a name that is more than one ref's: of a tag and a branch git takes the tag, and anybody may push one.

    Raises
    ------
    AuthoringError
        It is.
    """
    name = _STEPS.split(ref)[0]
    meant = [f"{kind}/{name}" for kind in _KINDS]
    try:
        listed = _git(root, "for-each-ref", "--format=%(refname)", *meant).decode("utf-8", "surrogateescape")
    except OSError:
        listed = ""
    found = [one for one in listed.splitlines() if one in meant]
    if len(found) > 1:
        message = f"`{option} {ref}` may be any of {', '.join(f'`{one}`' for one in found)}"
        help_ = f"write in full which of them is meant, such as {option} {found[0]}{ref[len(name) :]}"
        raise AuthoringError([Mistake(code="HCG-G001", message=message, help=help_)])


def _git(root: Path, *arguments: str) -> bytes:
    """Run git and return what it writes.

    Raises
    ------
    OSError
        Git is not installed, does not answer, or says no.
    """
    try:
        done = subprocess.run(  # noqa: S603 - an argument list without a shell
            ["git", *_SAFE, *_SETTINGS, "-C", str(root), *arguments],  # noqa: S607 - git is the one that the user has
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env=_environment(os.environ),
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise OSError(errno.ETIMEDOUT, "git does not answer") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise OSError(errno.EIO, said[-1] if said else f"git ended with {done.returncode}")
    return done.stdout


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which nobody tells git where to look, what to run or whom to ask."""
    kept = {name: value for name, value in given.items() if not name.upper().startswith("GIT_")}
    return kept | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "LC_ALL": "C",
    }
