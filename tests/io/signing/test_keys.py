"""Keys: files that nobody else may read, ids that others compute alike, and signatures of RFC 8032."""

import os
import shutil
import stat
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from hcgov.core.mistake import AuthoringError
from hcgov.io.signing import PublicKey, load_private, new_pair, public_key, public_keys
from tests.io.signing.conftest import Keys

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")

# RFC 8032, section 7.1: test 1 (nothing), test 2 (one byte) and test 3 (two bytes).
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_published_signatures_verify(public: str, message: str, signature: str) -> None:
    key = PublicKey(raw=bytes.fromhex(public))
    assert key.verify(bytes.fromhex(message), bytes.fromhex(signature))
    assert not key.verify(bytes.fromhex(message) + b"x", bytes.fromhex(signature))


@pytest.mark.parametrize("signature", [b"", b"x", bytes(64), bytes(63), bytes(65)])
def test_what_is_no_signature_does_not_verify(signature: bytes, keys: Keys) -> None:
    assert not keys.owner.public.verify(b"message", signature)


def test_a_pair_is_kept_where_its_owner_alone_may_read_it(folder: Path) -> None:
    public = new_pair(folder, "ci")
    private = folder / "ci.key"
    if os.name == "posix":
        assert stat.S_IMODE(private.stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert private.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
    loaded = load_private(private)
    assert (loaded.name, loaded.public) == ("ci", public)
    assert public.verify(b"x", loaded.sign(b"x"))
    assert public_keys(folder) == (("ci", public),)
    assert public_key((folder / "ci.pub").read_text()) == public
    assert "PRIVATE" not in repr(loaded)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_computes_the_same_id(folder: Path) -> None:
    public = new_pair(folder, "ci")
    der = subprocess.run(
        ["openssl", "pkey", "-in", folder / "ci.key", "-pubout", "-outform", "DER"],
        capture_output=True,
        check=True,
    ).stdout
    assert sha256(der).hexdigest() == public.key_id


@pytest.mark.parametrize("there", ["ci.key", "ci.pub"])
def test_nothing_that_is_there_is_overwritten(there: str, folder: Path) -> None:
    folder.mkdir()
    (folder / there).write_text("mine")
    with pytest.raises(AuthoringError, match="not overwritten"):
        new_pair(folder, "ci")
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [(there, "mine")]


@posix
def test_no_pair_is_written_through_a_link_that_leads_nowhere(folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    (folder / "ci.key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AuthoringError, match="not overwritten"):
        new_pair(folder, "ci")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("name", ["", "../x", "a b", "Jane", "a+b", "x" * 65, "a/b"])
def test_a_name_that_could_lead_elsewhere_is_none(name: str, folder: Path) -> None:
    with pytest.raises(AuthoringError, match="no name for a key"):
        new_pair(folder, name)
    assert not folder.exists()


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_a_private_key_that_others_may_open_is_refused(mode: int, folder: Path) -> None:
    new_pair(folder, "ci")
    (folder / "ci.key").chmod(mode)
    with pytest.raises(AuthoringError, match="others than its owner"):
        load_private(folder / "ci.key")


def written(
    path: Path, key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey, secret: bytes | None
) -> Path:
    hidden = pem.BestAvailableEncryption(secret) if secret else pem.NoEncryption()
    path.write_bytes(key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, hidden))
    path.chmod(0o600)
    return path


def test_keys_that_cannot_be_used_are_refused_with_the_reason(tmp_path: Path) -> None:
    other = written(tmp_path / "other.key", ec.generate_private_key(ec.SECP256R1()), None)
    locked = written(tmp_path / "locked.key", ed25519.Ed25519PrivateKey.generate(), b"secret")
    garbage = tmp_path / "garbage.key"
    garbage.write_text("no key")
    garbage.chmod(0o600)
    for path, why in (
        (other, "no ed25519 key"),
        (locked, "passphrase"),
        (garbage, "no private key in PEM"),
        (tmp_path / "gone.key", "cannot be read"),
        (tmp_path, "cannot be read"),
    ):
        with pytest.raises(AuthoringError, match=why):
            load_private(path)


def test_without_the_extra_it_is_said_what_to_install(tmp_path: Path) -> None:
    """In a process in which neither library can be imported."""
    code = (
        "import sys; sys.modules.update({'securesystemslib': None, 'cryptography': None})\n"
        "from pathlib import Path\n"
        "from hcgov.io.signing import PublicKey, new_pair\n"
        "for run in (lambda: new_pair(Path(sys.argv[1]), 'ci'), lambda: PublicKey(raw=bytes(32)).verify(b'', b'')):\n"
        "    try:\n"
        "        run()\n"
        "    except Exception as error:\n"
        "        print(type(error).__name__, error.mistakes[0].code, error.mistakes[0].help)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "keys"], capture_output=True, text=True, check=True
    )
    line = "AuthoringError HCG-S001 `pip install 'hcgov[evidence]'` brings it\n"
    assert run.stdout == line * 2
    assert not (tmp_path / "keys").exists()
