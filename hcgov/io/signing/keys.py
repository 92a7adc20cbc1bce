"""Ed25519 keys: pairs as PEM files, and what is public about them.

The id of a key is the SHA-256 of its public half in DER, which ``openssl pkey -pubin -in NAME.pub -outform DER |
sha256sum`` gives as well. A private key is a file without a passphrase that its owner alone may read.
"""

import base64
import binascii
import hashlib
import os
import re
import stat
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from hcgov.core.frozen import frozen
from hcgov.core.mistake import AuthoringError, Mistake
from hcgov.io.files import read_regular
from hcgov.io.signing.extra import evidence_extra

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\Z")
PRIVATE_SUFFIX = ".key"
PUBLIC_SUFFIX = ".pub"
_SPKI = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of an ed25519 key in a SubjectPublicKeyInfo (RFC 8410, section 4)."""
_LARGEST = 16 << 10


@frozen
class PublicKey:
    """The public half: 32 bytes (RFC 8032)."""

    raw: bytes

    @property
    def key_id(self) -> str:
        """SHA-256 of the key in DER, in hexadecimal digits."""
        return hashlib.sha256(_SPKI + self.raw).hexdigest()

    @property
    def line(self) -> str:
        """The key in DER and base64: the one line inside a PEM file."""
        return base64.b64encode(_SPKI + self.raw).decode()

    @property
    def pem(self) -> str:
        """The key as a PEM file."""
        return f"-----BEGIN PUBLIC KEY-----\n{self.line}\n-----END PUBLIC KEY-----\n"

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Say whether this key signed a message.

        Raises
        ------
        AuthoringError
            The extra ``evidence`` is not installed.
        """
        with evidence_extra():
            import cryptography  # noqa: F401 - without it securesystemslib would fall back to slower code of its own
            from securesystemslib.exceptions import UnverifiedSignatureError, VerificationError
            from securesystemslib.signer import Signature, SSlibKey
        key = SSlibKey(self.key_id, "ed25519", "ed25519", {"public": self.raw.hex()})
        try:
            key.verify_signature(Signature(self.key_id, signature.hex()), message)
        except (UnverifiedSignatureError, VerificationError):
            return False
        return True


@frozen
class PrivateKey:
    """A key that signs, under a name."""

    name: str
    public: PublicKey
    _signer: "CryptoSigner" = field(repr=False)

    @property
    def key_id(self) -> str:
        """Id of the key."""
        return self.public.key_id

    @property
    def raw_public(self) -> bytes:
        """The public half, 32 bytes."""
        return self.public.raw

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, 64 bytes."""
        return bytes.fromhex(self._signer.sign(message).signature)


def public_key(line: str) -> PublicKey:
    """Read a public key from its line of base64, or from a PEM file's text.

    Raises
    ------
    ValueError
        It is no ed25519 key.
    """
    body = "".join(part for part in line.split("\n") if part and not part.startswith("-----")).strip()
    try:
        der = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("it is not base64") from None
    if len(der) != len(_SPKI) + 32 or not der.startswith(_SPKI):
        raise ValueError("it is no public ed25519 key in DER")
    return PublicKey(raw=der[len(_SPKI) :])


def new_pair(folder: Path, name: str) -> PublicKey:
    """Make a key pair: ``NAME.key``, which its owner alone may read, and ``NAME.pub``.

    Raises
    ------
    AuthoringError
        The name is none, a file of that name is there, the folder cannot be written, or the extra
        ``evidence`` is not installed.
    """
    if not NAME.match(name):
        message = f"`{name}` is no name for a key: small letters, digits, `.`, `_` and `-`, at most 64"
        raise _refused(message, "name what the key is for, such as `ci` or `risk-owner-2027`")
    private_pem, public = _generate()
    private, public_file = folder / f"{name}{PRIVATE_SUFFIX}", folder / f"{name}{PUBLIC_SUFFIX}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in (private, public_file):
            if path.exists() or path.is_symlink():
                raise FileExistsError
        _write_new(private, private_pem, 0o600)
        _write_new(public_file, public.pem.encode(), 0o644)
    except FileExistsError:
        message = f"there is a key `{name}` in `{folder}`; it is not overwritten"
        raise _refused(
            message, "choose another name: what it signed could not be verified any more"
        ) from None
    except OSError as error:
        raise _refused(
            f"no key can be kept in `{folder}`: {error.strerror}", "name another `--out`"
        ) from error
    return public


def load_private(path: Path) -> PrivateKey:
    """Read a private key; its name is the file's.

    Raises
    ------
    AuthoringError
        The file is missing or unreadable, others may read it, it is encrypted or no ed25519 key, or the extra
        ``evidence`` is not installed.
    """
    name = path.name.removesuffix(PRIVATE_SUFFIX)
    try:
        data = read_regular(path, _LARGEST)
        mode = path.stat().st_mode
    except OSError as error:
        raise _refused(
            f"key `{path}` cannot be read: {error.strerror}", "`hcgov keys new` makes one"
        ) from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        message = f"others than its owner may open the private key `{path}`"
        raise _refused(message, f"`chmod 600 {path}`, or make a new key if somebody may have read it")
    if not NAME.match(name):
        raise _refused(
            f"`{name}` is no name for a key", "rename the file: small letters, digits, `.`, `_` and `-`"
        )
    with evidence_extra():
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
        from securesystemslib.signer import CryptoSigner
    try:
        key = load_pem_private_key(data, password=None)
    except TypeError:
        raise _refused(f"key `{path}` has a passphrase, which cannot be asked for here", _DECRYPT) from None
    except ValueError as error:
        raise _refused(f"`{path}` is no private key in PEM", "`hcgov keys new` makes one") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _refused(f"`{path}` is no ed25519 key", "`hcgov keys new` makes one")
    public = PublicKey(raw=key.public_key().public_bytes_raw())
    return PrivateKey(name=name, public=public, _signer=CryptoSigner(key))


def public_keys(folder: Path) -> tuple[tuple[str, PublicKey], ...]:
    """Return the public keys in a folder by name; what is none is passed over."""
    found = []
    for path in sorted(folder.glob(f"*{PUBLIC_SUFFIX}")):
        try:
            text = read_regular(path, _LARGEST).decode()
            found.append((path.name.removesuffix(PUBLIC_SUFFIX), public_key(text)))
        except (OSError, ValueError):
            continue
    return tuple(found)


_DECRYPT = "`openssl pkey -in OLD -out NEW` writes it without one; keep that file where only you can read it"


def _generate() -> tuple[bytes, PublicKey]:
    with evidence_extra():
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem, PublicKey(raw=key.public_key().public_bytes_raw())


def _write_new(path: Path, data: bytes, mode: int) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(file, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _refused(message: str, help_: str) -> AuthoringError:
    return AuthoringError([Mistake(code="HCG-S002", message=message, help=help_)])
