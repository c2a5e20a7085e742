"""Known errors in what sources published: the text of a report is corrected before it is split, where it still says what is expected there.

In: seeds/corrections.yaml; the lines of a report. Out: `Correction`s; the lines as corrected.
Never: a correction that finds other words than it expects and goes on, or one that a reason does not stand behind.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from baogao.parts import doc_id, page_identity
from baogao.records import BaogaoError
from baogao.sources import seed_file

Action = Literal["replace", "remove", "keep"]
Status = Literal["confirmed", "presumed"]
FILE = "corrections.yaml"
_FORM = {"doc_id": re.compile(r"[0-9a-f]{12}"), "address": re.compile(r"https?://.+"), "sha256": re.compile(r"[0-9a-f]{64}")}
_FIELDS = ("id", "where", "expected", "action", "reason", "status")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Correction:
    """A known error of a source. `where` is the doc_id of its report, or the page_id or SHA-256 of a page of it."""

    id: str
    where: str
    expected: str
    action: Action
    reason: str
    status: Status
    replacement: str = ""


@functools.cache
def corrections() -> tuple[Correction, ...]:
    """The corrections that come with the project."""
    return read_corrections(seed_file(FILE))


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """The corrections of a file. Raises BaogaoError for an entry that is none."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BaogaoError(f"{path.name} cannot be read ({' '.join(str(error).split())}): restore it, or leave an empty list in it") from error
    if not isinstance(raw, list):
        raise BaogaoError(f"{path.name} holds no list: each correction is an entry with {', '.join(_FIELDS)}")
    for number, entry in enumerate(raw, 1):
        if problem := _problem(entry):
            name = entry.get("id") if isinstance(entry, dict) else None
            raise BaogaoError(f"{path.name}: correction {name or number} is none: {problem}; the head of the file has the form")
    made = tuple(_correction(entry) for entry in raw)
    if repeated := sorted({one.id for one in made if [other.id for other in made].count(one.id) > 1}):
        raise BaogaoError(f"{path.name}: {', '.join(repeated)} is the id of more than one correction: give each its own")
    return made


def _problem(entry: Any) -> str | None:
    """What is wrong with an entry."""
    if not isinstance(entry, dict):
        return f"an entry has {', '.join(_FIELDS)}"
    if missing := [name for name in _FIELDS if not entry.get(name)]:
        return f"{', '.join(missing)} is missing"
    if unknown := sorted(map(str, entry.keys() - {*_FIELDS, "replacement"})):
        return f"{', '.join(unknown)} is no field of a correction"
    said = {name: value for name, value in entry.items() if name != "where"}
    if wrong := [name for name, value in said.items() if not isinstance(value, str) or "\n" in value.strip()]:
        return f"{', '.join(wrong)} is not one line of text"
    where = entry["where"]
    if not isinstance(where, dict) or len(where) != 1 or not all(name in _FORM and _FORM[name].fullmatch(str(value)) for name, value in where.items()):
        return "where is one of doc_id (12 hexadecimal digits), address (http://…) and sha256 (64 hexadecimal digits)"
    for name, known in (("action", get_args(Action)), ("status", get_args(Status))):
        if entry[name] not in known:
            return f"{name} is one of {', '.join(known)}"
    if (entry["action"] == "replace") is not bool(entry.get("replacement")):
        return "replacement goes with the action replace, and with no other"
    return None


def _correction(entry: dict[str, Any]) -> Correction:
    [(kind, place)] = entry["where"].items()
    said = {name: value.strip() for name, value in entry.items() if name != "where"}
    return Correction(**said, where=doc_id(page_identity("", place)) if kind == "address" else place)


def corrections_of(identifiers: Iterable[str], among: Sequence[Correction] | None = None) -> tuple[Correction, ...]:
    """The corrections of a report with these identifiers: its doc_id, and the page_id and SHA-256 of each of its pages."""
    named = set(identifiers)
    return tuple(one for one in (corrections() if among is None else among) if one.where in named)


def correct(lines: Sequence[str], found: Sequence[Correction], doc: str) -> list[str]:
    """The lines of a report as corrected, one correction after the other. Raises BaogaoError where one no longer finds what it expects.

    >>> fault = Correction("wheat", "0d6e0a5c2b91", "达到214亿斤", "replace", "bulletin of 2023", "confirmed", "达到21.4亿斤")
    >>> correct(["粮食总产量达到214亿斤。"], [fault], "0d6e0a5c2b91")
    ['粮食总产量达到21.4亿斤。']
    """
    corrected = list(lines)
    for one in found:
        times = sum(line.count(one.expected) for line in corrected)
        if times != 1:
            shown = one.expected[:_SHOWN] + ("…" if len(one.expected) > _SHOWN else "")
            stands = "no longer stands there" if times == 0 else f"stands there {times} times"
            way_out = "take the correction out, or write it anew from the text as it is" if times == 0 else "quote more of the text around it"
            raise BaogaoError(f"{FILE}: correction {one.id} expects “{shown}” in report {doc}, where it {stands}: {way_out}")
        if one.action != "keep":
            corrected = [line for line in (line.replace(one.expected, one.replacement) for line in corrected) if line.strip()]
    return corrected
