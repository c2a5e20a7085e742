"""Measuring beside general recognisers of quantities, on the same labelled sentences in one run: figures found, invented, and speed.

    python tests/bench/measuring.py [FILE ...]

A file holds labelled sentences as tests/gold/indicators.jsonl does; default are that one, and those of ../shared/gold where they are.
A figure is found when a value overlaps its span and is its value, in the unit as written or with 万 and 亿 multiplied in; of a range both ends must be.
Other recognisers know no indicator, bound, period or status, so that these are judged for baogao alone. Each is asked for all kinds of quantities
that it has: numbers, percentages, currencies and dimensions (Recognizers-Text), amounts of money (JioNLP). Rounds go from one to the next; a recogniser's time
is its fastest round.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "gold"))

import score  # noqa: E402 - the measures of tests/gold are no package

import baogao  # noqa: E402

FILES = [HERE.parent / "gold" / "indicators.jsonl", score.SHARED / "gold" / "indicators_sentences.jsonl"]
ROUNDS = 3
_MULTIPLIERS = {"百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "百亿": 1e10, "千亿": 1e11, "万亿": 1e12}
_MULTIPLIER = re.compile("|".join(sorted(_MULTIPLIERS, key=len, reverse=True)))
# Values with their spans.
Found = list[tuple[int, int, float]]
Row = dict[str, Any]


def main(files: list[Path]) -> None:
    recognisers = load_recognisers()
    for file in files:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        compare(file, rows, recognisers)


def compare(file: Path, rows: list[Row], recognisers: dict[str, Callable[[Row], Found]]) -> None:
    """Print the table of one file."""
    figures = sum(is_figure(record) for row in rows for record in row["records"])
    characters = sum(len(row["text"]) for row in rows)
    seconds = dict.fromkeys(recognisers, float("inf"))
    for _ in range(ROUNDS):
        for name, find in recognisers.items():
            start = time.process_time()
            for row in rows:
                find(row)
            seconds[name] = min(seconds[name], time.process_time() - start)
    print(f"\n{file.name}: {len(rows)} passages, {figures} figures, {characters} characters\n{'recogniser':32}{'found':>8}{'invented':>10}{'characters/s':>14}")
    for name, find in recognisers.items():
        found = invented = 0
        for row in rows:
            said = find(row)
            labels = [record for record in row["records"] if is_figure(record) and "start" in record]
            found += sum(is_found(label, said) for label in labels)
            invented += sum(not any(start < label["end"] and label["start"] < end for label in labels) for start, end, _ in said)
        print(f"{name:32}{found / figures:8.3f}{invented:10}{characters / seconds[name]:14,.0f}")
    scores = score.score_indicators(file, [])
    print("baogao: " + ", ".join(f"{measure} {reached}" for measure, reached in scores.items()))


def is_figure(record: Row) -> bool:
    return record["measure"] not in {"ratio", "relation"} and any(record.get(key) is not None for key in ("value", "value_low", "value_high"))


def is_found(label: Row, said: Found) -> bool:
    """Whether all values of a labelled figure are among the values that overlap it."""
    multiplier = _MULTIPLIER.match(label.get("unit") or "")
    scale = _MULTIPLIERS[multiplier.group()] if multiplier else 1.0
    wanted = [label["value"]] if label["value"] is not None else [label["value_low"], label["value_high"]]
    values = [abs(value) for start, end, value in said if start < label["end"] and label["start"] < end]
    return all(one is not None and any(same(abs(one), value) or same(abs(one) * scale, value) for value in values) for one in wanted)


def same(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(1.0, abs(one), abs(other))


def load_recognisers() -> dict[str, Callable[[Row], Found]]:
    """All recognisers by name and version."""
    import jionlp
    from recognizers_number import Culture, recognize_number, recognize_percentage
    from recognizers_number_with_unit import recognize_currency, recognize_dimension

    def with_baogao(row: Row) -> Found:
        said = baogao.measure(row["text"], report_year=row.get("report_year"), section=row.get("section"))
        ends = ((one.start, one.end, value) for one in said for value in {one.value, one.value_low, one.value_high} if value is not None)
        return list(ends)

    def with_recognizers(row: Row) -> Found:
        kinds = (recognize_number, recognize_percentage, recognize_currency, recognize_dimension)
        results = (one for recognise in kinds for one in recognise(row["text"], Culture.Chinese))
        return list(_readable((one.start, one.end + 1, str((one.resolution or {}).get("value", "")).rstrip("%")) for one in results))

    def with_jionlp(row: Row) -> Found:
        try:
            results = jionlp.ner.extract_money(row["text"], with_parsing=True, ret_all=False)
        except Exception:  # noqa: BLE001 - it raises on some sentences, and has found nothing in these
            return []
        amounts = ((*one["offset"], one["detail"]["num"]) for one in results)
        return list(_readable((start, end, value) for start, end, num in amounts for value in (num if isinstance(num, list) else [num])))

    return {
        f"baogao {version('baogao')}": with_baogao,
        f"Recognizers-Text {version('recognizers-text-suite')}": with_recognizers,
        f"JioNLP {version('jionlp')} (money)": with_jionlp,
    }


def _readable(values: Iterable[tuple[int, int, str]]) -> Found:
    return [(start, end, float(value)) for start, end, value in values if re.fullmatch(r"-?\d+(?:\.\d+)?", str(value))]


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or [file for file in FILES if file.exists()])
