"""The output folder: its paths, one run at a time, files that appear whole or not at all, and work that is already done.

In: a path; names, digests. Out: paths, a lock, fingerprints, folders of finished work. Never: what the files hold.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock, Timeout

from baogao.records import BaogaoError

_PACKAGE = Path(__file__).resolve().parent
# How the folder of a release begins while it is being made, and that of what its comparison with the last one sets down.
DRAFT, COMPARISON = "release-", "compare-"


@dataclass(frozen=True, slots=True)
class Output:
    """An output folder, as the contract lays it out."""

    root: Path

    @property
    def latest(self) -> Path:
        """The pointer to the latest release, the only file that ever changes its meaning."""
        return self.root / "latest.json"

    @property
    def history(self) -> Path:
        """The list of all releases."""
        return self.root / "releases.json"

    @property
    def releases(self) -> Path:
        """The folder of the releases."""
        return self.root / "releases"

    @property
    def failed(self) -> Path:
        """The report of the last run, where its checks failed."""
        return self.root / "failed.json"

    @property
    def work(self) -> Path:
        """Work in progress and work done: nothing in it is published."""
        return self.root / ".work"

    @property
    def written(self) -> Path:
        """Notes on the Parquet files of the latest release, so that the next one can tell early which of them stay."""
        return self.work / "written.json"

    @property
    def archives(self) -> Path:
        """What compressed tar files hold, unpacked once."""
        return self.work / "archives"

    @property
    def batches(self) -> Path:
        """Work done; what is hidden in its folders is in progress."""
        return self.work / "batches"


def open_output(path: str | Path) -> Output:
    """The output folder, made where it is missing. Raises BaogaoError where it cannot be written."""
    output = Output(Path(path).absolute())
    try:
        output.work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=output.work):
            pass
    except OSError as error:
        raise BaogaoError(f"{path} cannot be written ({error.strerror or error}): name another folder with --output") from error
    return output


@contextmanager
def locked(output: Output) -> Iterator[None]:
    """Hold the output folder alone, and clear away what a run that was killed left half-written. Raises BaogaoError while another run holds it."""
    lock = FileLock(output.work / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BaogaoError(f"another run is writing to {output.root}: wait for it to end, or name another folder with --output") from error
    try:
        _clear_away(output)
        yield
    finally:
        lock.release()


def _clear_away(output: Output) -> None:
    for folder, left in ((output.work, f"{DRAFT}*"), (output.work, f"{COMPARISON}*"), (output.batches, "*/.*")):
        for draft in folder.glob(left):
            if draft.is_dir():
                shutil.rmtree(draft, ignore_errors=True)
            else:
                draft.unlink(missing_ok=True)
    for file in (output.latest, output.history, output.failed, output.work / "published.json", output.written):
        for draft in file.parent.glob(f".{file.name}.*"):
            draft.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that appears whole, or stays as it was."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@dataclass(frozen=True, slots=True)
class Store:
    """Finished work: a folder for each fingerprint, by kind."""

    root: Path

    def folder(self, kind: str, fingerprint: str) -> Path:
        """Where the work with that fingerprint is, or will be."""
        return self.root / kind / fingerprint

    @contextmanager
    def fill(self, folder: Path) -> Iterator[Path]:
        """A new folder to work in, which takes its place under its name when the work has ended well."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix="."))
        try:
            yield draft
            draft.chmod(0o755)
            try:
                draft.rename(folder)
            except OSError:  # two workers may have done the same work; the results are the same too
                if not folder.is_dir():
                    raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def keep_only(self, folders: Collection[Path]) -> None:
        """Remove all other work. A folder is hidden first: one that a run was killed over must not pass for finished work."""
        kept = set(folders)
        for folder in self.root.glob("*/*"):
            if folder not in kept and folder.is_dir():
                hidden = folder if folder.name.startswith(".") else folder.rename(folder.with_name(f".{folder.name}"))
                shutil.rmtree(hidden, ignore_errors=True)


def fingerprint(*parts: str) -> str:
    """32 hexadecimal digits over what decides a result.

    >>> fingerprint("a", "b") == fingerprint("ab")
    False
    """
    total = hashlib.sha256()
    for part in parts:
        total.update(f"{len(part)}:{part}".encode())
    return total.hexdigest()[:32]


@functools.cache
def code_digest(*modules: str) -> str:
    """SHA-256 over the source of the modules and packages named, relative to this package."""
    total = hashlib.sha256()
    for module in modules:
        path = _PACKAGE / module
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]:
            total.update(f"{file.relative_to(_PACKAGE).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    return total.hexdigest()


@functools.cache
def library_versions(*names: str) -> str:
    """The versions of the libraries that have a part in a result."""
    return "; ".join(f"{name} {version(name)}" for name in names)
