"""Pages of made-up reports, as they are known once cleaned: what tests of parts and of assembling share."""

from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import settings

from baogao.parts import PageKey
from baogao.sketch import sketch

QUICK = settings(max_examples=60, derandomize=True, deadline=None)
# One hundred and twenty sentences, no two alike.
TEXT = [f"全年实施第{n}批重点项目{n * 7 % 90 + 10}个，完成投资{n * 13 % 700 + 20}亿元。" for n in range(120)]


def sha(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def key(name: str, **more: Any) -> PageKey:
    """A page of a report without an address; `lines` stands for its text, `report` for its place and year."""
    lines, report = more.pop("lines", None), more.pop("report", None)
    if lines is not None:
        more = {"sketch": sketch(lines), "n_chars": sum(map(len, lines))} | more
    if report:
        more |= {"place_code": report[:6], "report_year": int(report[7:])}
    return PageKey(page_id=sha(name)[:12], source=f"{name}.html", sha256=sha(name), batch="b", row=0, **({"is_report": True} | more))


def part(number: int | None, base: str = "http://a.example/gb/10234.html", **more: Any) -> PageKey:
    return key(f"{base}-{number}-{more.pop('copy', '')}", base_url=base, part_number=number, **more)
