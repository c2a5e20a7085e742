"""Where pages come from: files, folders, globs, archives and fsspec addresses become batches of page references; site cards become records.

In: what the user names as SOURCE. Out: `PageRef`s in a stable order, cut into batches by bytes, and the bytes of one page when asked.
Never: more than one page's bytes at a time, and nothing is read before it is asked for.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, Literal, TypeVar, get_args

import yaml

from baogao.archives import Fetched, Member, archive_kind, fetch_member, members, open_at, unpacked
from baogao.records import BaogaoError, RemovedKind, Zone
from baogao.text import fold

T = TypeVar("T")

# Endings of files that hold scraped pages; in a folder all others are passed over, and counted. A file named by itself is always read.
PAGE_SUFFIXES = frozenset({"", ".txt", ".text", ".htm", ".html", ".shtml", ".xhtml", ".asp", ".aspx", ".php", ".jsp", ".jspx"})
# A batch is one unit of work and of reuse: large enough that its bookkeeping (some 0.1 s under an orchestrator) is small beside
# its work, small enough that a worker holds it many times over.
BATCH_BYTES_MIN, BATCH_BYTES_MAX = 8 << 20, 24 << 20
BATCH_PAGES_MIN, BATCH_PAGES_MAX = 200, 500
# A page ends a batch when its name's hash is divisible by this, so a new page changes one batch and not all that follow.
BATCH_END_ONE_IN = 16


@dataclass(frozen=True, slots=True)
class PageRef:
    """Where one page is: `source` names it in the dataset, `path` is where to read it; in an archive it is entered at the offset `at`."""

    source: str
    path: str
    n_bytes: int
    at: int | None = None


@dataclass(frozen=True, slots=True)
class SiteCard:
    """What is known of a site: how its pages are recognised and addressed, and on what ground its texts are published."""

    site: str
    title: str | None = None
    hosts: tuple[str, ...] = ()
    says: re.Pattern[str] | None = None
    address: str | None = None
    part: re.Pattern[str] | None = None
    rights: str | None = None
    lines: tuple[Mapping[str, Any], ...] = ()
    """Rules of cleaning, in the form of the section `lines` of schemas/terms/boilerplate.yaml."""
    names: Mapping[str, RemovedKind | Literal["text"]] = field(default_factory=dict)
    """What stands in the elements of a class or an id, in lower case."""


def find_pages(sources: Sequence[str], work: Path | None = None) -> tuple[list[PageRef], list[str]]:
    """Page references of all sources, each page once, sorted by name; and the names of files passed over for their ending.

    A page's name is its path relative to the folder that all sources share (for one folder, that folder); in an archive, the archive's name and its own.
    `work` is a folder for what compressed tar files hold (default: a temporary one of the system, which is kept).
    Raises BaogaoError for a source that does not exist or that holds no page.
    """
    found: dict[str, PageRef] = {}
    skipped: set[str] = set()
    roots: list[PurePosixPath] = []
    for source in sources:
        root, files = _local_files(source) if "://" not in source else _remote_files(source)
        kept = files if root is None else {path: size for path, size in files.items() if _may_hold_pages(path)}
        refs, passed = _entered(kept, work)
        if not refs:
            raise BaogaoError(f"{source} holds no page: name a folder with .txt or .html files, or name the files themselves")
        skipped |= files.keys() - kept.keys() | passed
        roots += [PurePosixPath(root)] if root is not None else [PurePosixPath(path).parent for path in kept]
        found |= refs
    shared = _shared([str(root) for root in roots])
    named = [PageRef(_relative(name, shared), ref.path, ref.n_bytes, ref.at) for name, ref in found.items()]
    return sorted(named, key=lambda ref: ref.source), sorted(_relative(path, shared) for path in skipped - found.keys())


def _may_hold_pages(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in PAGE_SUFFIXES or archive_kind(path) is not None


def _entered(files: Mapping[str, int], work: Path | None) -> tuple[dict[str, PageRef], set[str]]:
    """The pages of files by name, those of archives too, and the names of members passed over."""
    refs: dict[str, PageRef] = {}
    passed: set[str] = set()
    for path, size in files.items():
        kind = archive_kind(path)
        if kind is None:
            refs[path] = PageRef(path, path, size)
            continue
        entered = unpacked(path, work or Path(tempfile.mkdtemp(prefix="baogao-"))) if kind == "packed" else path
        for member in members(entered, named=path):
            name = f"{path}/{member.name if isinstance(member, Member) else member}"
            if isinstance(member, Member) and (kind == "warc" or PurePosixPath(name).suffix.lower() in PAGE_SUFFIXES):
                refs[name] = PageRef(name, entered, member.n_bytes, member.at)
            else:
                passed.add(name)
    return refs, passed


def fetch(ref: PageRef) -> Fetched:
    """The bytes of a page. Raises BaogaoError when they cannot be read."""
    try:
        if ref.at is not None:
            return fetch_member(ref.path, ref.at, ref.n_bytes)
        with open_at(ref.path) as file:
            return Fetched(file.read())
    except OSError as error:
        raise BaogaoError(f"{ref.path} cannot be read ({error.strerror or error}): check its permissions, or leave it out") from error


def batches(refs: Iterable[PageRef]) -> Iterator[tuple[PageRef, ...]]:
    """Cut page references into batches, so that a page more or less changes one batch, seldom the next ones too, and never all that follow."""
    return cut((ref, ref.source, ref.n_bytes) for ref in refs)


def cut(items: Iterable[tuple[T, str, int]]) -> Iterator[tuple[T, ...]]:
    """Cut a row of items, each with its name and its size in bytes, into batches: where they end depends on sizes and names nearby alone."""
    batch: list[T] = []
    size = 0
    for item, name, n_bytes in items:
        batch.append(item)
        size += n_bytes
        enough = size >= BATCH_BYTES_MIN or len(batch) >= BATCH_PAGES_MIN
        ends = enough and hashlib.sha256(name.encode()).digest()[0] % BATCH_END_ONE_IN == 0
        if ends or size >= BATCH_BYTES_MAX or len(batch) >= BATCH_PAGES_MAX:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


def read_site_cards(path: Path) -> tuple[SiteCard, ...]:
    """The cards of a sites.yaml. Raises BaogaoError for a card that is not one."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except yaml.YAMLError as error:
        raise BaogaoError(f"{path.name} is not YAML ({' '.join(str(error).split())}): see the card of bx2200.com for the form") from error
    cards = []
    for card in raw:
        try:
            cards.append(_site_card(card))
        except (KeyError, TypeError, ValueError, re.error) as error:
            raise BaogaoError(f"{path.name}: the card {card!r} is not a site card ({error}): see the card of bx2200.com for the form") from error
    return tuple(cards)


def default_site_cards() -> tuple[SiteCard, ...]:
    """The cards that come with the project."""
    return read_site_cards(site_cards_file())


def site_cards_file() -> Path:
    """The file of the cards that come with the project."""
    return seed_file("sites.yaml")


def seed_file(name: str) -> Path:
    """A file of seeds/ that comes with the project: inside the installed package, else beside the source root."""
    here = Path(__file__).resolve()
    installed = here.parent / "seeds" / name
    return installed if installed.exists() else here.parents[2] / "seeds" / name


def _site_card(card: dict[str, Any]) -> SiteCard:
    if not isinstance(card, dict) or not isinstance(card["site"], str) or isinstance(card.get("hosts"), str):
        raise TypeError("a card maps site to a name, and hosts to a list")
    if any(isinstance(names, str) for names in card.get("names", {}).values()):
        raise TypeError("names map a kind to a list")
    known = {"site", "title", "hosts", "says", "address", "part", "rights", "rights_note", "lines", "names"}
    if unknown := card.keys() - known:
        raise KeyError(f"unknown field {', '.join(sorted(unknown))}")
    return SiteCard(
        site=card["site"],
        title=card.get("title"),
        hosts=tuple(card.get("hosts", ())),
        says=re.compile(card["says"]) if "says" in card else None,
        address=card.get("address"),
        part=re.compile(card["part"]) if "part" in card else None,
        rights=card.get("rights"),
        lines=tuple(_line_rule(line) for line in card.get("lines", ())),
        names={name.lower(): _one_of((*get_args(RemovedKind), "text"), kind) for kind, names in card.get("names", {}).items() for name in names},
    )


def _line_rule(line: Mapping[str, Any]) -> Mapping[str, Any]:
    """A rule of cleaning, if it is one. Its example must be a line that it cuts."""
    _one_of(get_args(RemovedKind), line["kind"])
    _one_of(get_args(Zone), line["at"])
    if unknown := line.keys() - {"id", "kind", "at", "strength", "opens", "longest", "needs", "pattern", "example", "keeps"}:
        raise KeyError(f"unknown field {', '.join(sorted(unknown))} of rule {line['id']}")
    pattern = re.compile(line["pattern"], re.IGNORECASE)
    if not pattern.search(fold(line["example"])) or any(pattern.search(fold(kept)) for kept in line.get("keeps", ())):
        raise ValueError(f"rule {line['id']} must cut its example, and none of the lines that it keeps")
    return line


def _one_of(known: Sequence[Any], said: object) -> Any:
    if said not in known:
        raise ValueError(f"{said} is none of {', '.join(known)}")
    return said


def _local_files(source: str) -> tuple[str | None, dict[str, int]]:
    """The folder searched (None where files were named) and the files found with their sizes."""
    path = Path(source)
    try:
        if path.is_dir():
            root = path.resolve()
            files = ((Path(file.path).resolve() if file.is_symlink() else file.path, file.stat().st_size) for file in _files_below(str(root)))
            return root.as_posix(), {str(file).replace(os.sep, "/"): size for file, size in files}
        if path.exists():
            return None, {path.resolve().as_posix(): path.stat().st_size}
        if set("*?[") & set(source):
            pattern = path.resolve()
            fixed = Path(*_until_magic(pattern.parts))
            matches = [file for file in fixed.glob(str(pattern.relative_to(fixed))) if file.is_file() and not _is_hidden(file.relative_to(fixed))]
            if matches:
                return None, {file.as_posix(): file.stat().st_size for file in matches}
    except OSError as error:
        raise BaogaoError(f"{source} cannot be read ({error.strerror or error}): check its permissions") from error
    raise BaogaoError(f"{source} does not exist: name a file, a folder, a glob or an address such as s3://bucket/pages")


def _files_below(folder: str) -> Iterator[os.DirEntry[str]]:
    """The files in a folder and in those below it, none that is hidden; folders that links lead to are not entered. Three times as fast as Path.rglob."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files_below(entry.path)
            elif entry.is_file():
                yield entry


def _is_hidden(path: PurePath) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _until_magic(parts: Sequence[str]) -> Iterator[str]:
    for part in parts:
        if set("*?[") & set(part):
            return
        yield part


def _remote_files(source: str) -> tuple[str | None, dict[str, int]]:
    import fsspec  # noqa: PLC0415 - not needed for local files

    try:
        fs, path = fsspec.core.url_to_fs(source)
        if set("*?[") & set(path):
            names = [name for name in fs.glob(path) if fs.isfile(name)]
            return None, {fs.unstrip_protocol(name): fs.size(name) for name in names}
        if fs.isfile(path):
            return None, {fs.unstrip_protocol(path): fs.size(path)}
        details = fs.find(path, detail=True)
    except (OSError, ImportError, ValueError) as error:
        raise BaogaoError(f"{source} cannot be read ({error}): check the address, the credentials and that its fsspec driver is installed") from error
    seen = {name: info["size"] for name, info in details.items() if not _is_hidden(PurePosixPath(name.removeprefix(path)))}
    return fs.unstrip_protocol(path), {fs.unstrip_protocol(name): size for name, size in seen.items()}


def _shared(roots: Sequence[str]) -> str:
    try:
        return os.path.commonpath(roots) if roots else ""
    except ValueError:  # local folders and addresses share none
        return ""


def _relative(path: str, root: str) -> str:
    # A pure path folds the slashes of a protocol, as the shared folder has them.
    return str(PurePosixPath(path)).removeprefix(root.rstrip("/") + "/")
