"""Making a release again, to see that it is what its sources, this code and these libraries make.

In: a release and its sources. Out: the differences, in sentences. Never: a change to the release or to its output folder.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from baogao import pipeline
from baogao.publish import sha256
from baogao.publish.versions import FIRST
from baogao.records import BaogaoError
from baogao.release import Release


def differences(release: Release, sources: Sequence[str]) -> list[str]:
    """Files that come out otherwise when the release is made again from its sources, on its own day and after the releases before it.

    Raises BaogaoError where the releases before it are not beside it, and for what pipeline.build raises it for.
    """
    with tempfile.TemporaryDirectory(prefix="baogao-") as name:
        output = Path(name)
        _lay_out_history(release, output)
        made = pipeline.build(sources, output, released=release.manifest["released"]).release
        if made is None or not made.is_new:
            return [f"nothing of release {release.version} comes out of {', '.join(sources)} that the release before it has not"]
        return list(_differing(release.folder, made.folder))


def _differing(published: Path, made: Path) -> Iterator[str]:
    was, now = ({file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()} for folder in (published, made))
    yield from (f"{path} does not come out again" for path in sorted(was.keys() - now.keys()))
    yield from (f"{path} comes out, and is not in the release" for path in sorted(now.keys() - was.keys()))
    yield from (f"{path} comes out with other bytes" for path in sorted(was.keys() & now.keys()) if sha256(was[path]) != sha256(now[path]))


def _lay_out_history(release: Release, output: Path) -> None:
    """An output folder as it was before the release."""
    if release.version == FIRST:
        return
    root = release.folder.parent.parent
    try:
        entries = json.loads((root / "releases.json").read_text(encoding="utf-8"))
        before = entries[: [entry["version"] for entry in entries].index(release.version)]
        last = before[-1]["version"]
        folder = output / "releases" / last
        folder.mkdir(parents=True)
        (folder / "data").symlink_to((root / "releases" / last / "data").resolve(), target_is_directory=True)
        manifest = json.loads((root / "releases" / last / "manifest.json").read_text(encoding="utf-8"))
        for table in manifest["tables"].values():
            table.pop("written_by", None)  # so that every file is written again
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise BaogaoError(f"release {release.version} can only be made again beside the releases before it: name its output folder") from error
    (output / "releases.json").write_text(json.dumps(before), encoding="utf-8")
    (output / "latest.json").write_text(json.dumps({"version": last, "path": f"releases/{last}"}), encoding="utf-8")
