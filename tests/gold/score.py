"""Accuracy on labelled data: the sets, the measures, and what each is now.

    python tests/gold/score.py           a table of all scores beside their floors
    python tests/gold/score.py --json    the scores in the form of floors.json
    python tests/gold/score.py --wrong   what is wrong, set by set
    python tests/gold/score.py --accuracy   what schemas/terms/accuracy.yaml publishes: figures of real reports, field by field, with the number of cases

Cleaning, per kind of page: the share of pages that are perfect (their lines, folded and in order, are the labelled ones; lines listed as
either_way count neither way), the mean F1 of runs of four tokens (as extractors are compared elsewhere), and how many lines are too many, lines
are lost, and labelled boilerplate markers are left.
Encodings, per way of writing and declaring a page, a paragraph or a heading: the share that is read back as it was written.
Sections: the share of labelled sections whose heading is found at its place, and the share with marker, heading, depth and role right; and how many
sections are none by the labels.
Sentences: the share of texts that are split exactly as labelled.
Indicators: a record and a labelled record pair up when value, value_low and value_high agree and, where one is labelled, the spans overlap.
precision and recall of figures; linked: the share of labelled figures with the right name and canonical indicator, as far as these are labelled;
all_fields: with every labelled field right; relations: the share of labelled relations with the right subject and bound; traps: the share of spans
labelled as no value that no record touches. A field that is not labelled, or labelled null, is not judged, and where a figure's values are not labelled it
pairs up by its subject; ratios are not paired.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import baogao
from baogao.read import decode

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared"
FLOORS = HERE / "floors.json"
# Counts of errors: what is set for these is a most, not a least.
ERRORS = frozenset({"extra lines", "lost lines", "markers left", "extra sections"})

Row = dict[str, Any]
Scores = dict[str, float]
Wrong = list[str]

_HAN = re.compile("[\u4e00-\u9fff]")
# Headings are what an encoding is hardest to tell by.
_HEADING_MIN, _HEADING_MAX, _PARAGRAPH_MIN = 2, 20, 60
_TOKEN = re.compile(r"[A-Za-z0-9]+|\w")
_VALUES = ("value", "value_low", "value_high")
_FIELDS = ("indicator", "name", "unit", "bound", "measure", "status", "tier", "period_start", "period_end")


def score_cleaning(folder: Path, wrong: Wrong) -> Scores:
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    overlaps: dict[str, float] = defaultdict(float)
    for row in _rows(folder / "index.jsonl"):
        body = baogao.clean((folder / row["file"]).read_bytes(), url=row["url"] or None)
        either = {squashed(line) for line in row["either_way"]}
        said = folded_lines("\n".join(body.lines), either)
        gold = folded_lines((folder / row["gold"]).read_text(encoding="utf-8"), either)
        extra, lost = Counter(said) - Counter(gold), Counter(gold) - Counter(said)
        markers = [squashed(marker) for group in row["boilerplate_markers"].values() for marker in group]
        left = [marker for marker in markers if marker in "".join(said) and marker not in "".join(gold)]
        n = totals[row["kind"]]
        n["pages"] += 1
        n["perfect"] += said == gold
        overlaps[row["kind"]] += overlap(said, gold)
        n["extra lines"] += extra.total()
        n["lost lines"] += lost.total()
        n["markers left"] += len(left)
        if said != gold or left:
            wrong.append(f"{row['id']}: extra {list(extra)}, lost {list(lost)}, markers left {left}")
    scores: Scores = {}
    for kind, n in totals.items():
        scores |= {f"{kind}: perfect": _share(n["perfect"], n["pages"]), f"{kind}: F1": _share(overlaps[kind], n["pages"])}
        scores |= {f"{kind}: {error}": n[error] for error in ("extra lines", "lost lines", "markers left")}
    return scores


def score_encodings(folder: Path, wrong: Wrong) -> Scores:
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    rows = _rows(folder / "index.jsonl")
    pages = [page for row in rows if _HAN.search(page := decode((folder / row["file"]).read_bytes())[0])]
    lines = [line.strip() for row in rows for line in (folder / row["gold"]).read_text(encoding="utf-8").splitlines()]
    headings = {line for line in lines if len(line) <= _HEADING_MAX and len(_HAN.findall(line)) >= _HEADING_MIN}
    cases = [case for page in pages for case in _written(page)]
    cases += [(f"{encoding} heading", line, _encoded(line, encoding)) for line in sorted(headings) for encoding in ("gbk", "utf-8")]
    cases += [("gbk paragraph", line, _encoded(line, "gbk")) for line in lines if len(line) > _PARAGRAPH_MIN]
    for case, text, data in cases:
        if data is None:  # the encoding cannot write it
            continue
        said = decode(data)[0]
        totals[case]["all"] += 1
        totals[case]["right"] += said == text
        if said != text:
            wrong.append(f"{case}: {text[:40]!r} is read as {said[:40]!r}")
    return {case: _share(n["right"], n["all"]) for case, n in totals.items()}


def _written(page: str) -> list[tuple[str, str, bytes | None]]:
    """A page in the encodings of Chinese sites, with declarations that are right, wrong and missing, and cut inside a character."""
    cases: list[tuple[str, str, bytes | None]] = [(encoding, page, _encoded(page, encoding)) for encoding in ("utf-8", "gb18030", "gbk", "big5hkscs")]
    for encoding, declared in (("gbk", "gbk"), ("gb18030", "gb2312"), ("utf-8", "gb2312"), ("gbk", "utf-8")):
        said = f'<meta charset="{declared}">{page}'
        cases.append((f"{encoding}, declared {declared}", said, _encoded(said, encoding)))
    whole = page.rstrip("\n\r ").encode()
    return [*cases, ("utf-8 cut", whole[:-1].decode("utf-8", "ignore"), whole[:-1])]


def _encoded(text: str, encoding: str) -> bytes | None:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return None


def score_sections(folder: Path, wrong: Wrong) -> Scores:
    n: Counter[str] = Counter()
    for path in sorted(folder.glob("*.tsv")):
        text = folder / f"{path.stem}.txt"
        report = baogao.read_report((text if text.exists() else SHARED / "corpus" / f"{path.stem.replace('__', '/')}.txt").read_bytes())
        said = [_section(one) for one in _nested(report["sections"])]
        for line in path.read_text(encoding="utf-8").splitlines():
            depth, role, marker, heading, first = line.split("\t")
            n["labelled"] += 1
            label = (int(depth), role, squashed(marker), squashed(heading).rstrip(":。"), squashed(first))
            match = next((one for one in said if one[3] == label[3] and (one[4].startswith(label[4]) or label[4].startswith(one[4]))), None)
            n["found"] += match is not None
            n["right"] += match is not None and match[:3] == label[:3]
            if match is None or match[:3] != label[:3]:
                wrong.append(f"{path.stem}: labelled {label}, found {match}")
            if match:
                said.remove(match)
        n["extra"] += len(said)
        wrong += [f"{path.stem}: no section by the labels: {one}" for one in said]
    return {"headings": _share(n["found"], n["labelled"]), "right": _share(n["right"], n["labelled"]), "extra sections": n["extra"]}


def _nested(sections: list[Row]) -> list[Row]:
    """Sections with those inside them, in text order."""
    return [one for section in sections for one in (section, *_nested(section["sections"]))]


def _section(section: Row) -> tuple[int, str, str, str, str]:
    """Depth, role, marker, heading and first words of a section, as labels give them."""
    words = "".join(paragraph["text"] for one in _nested([section]) for paragraph in one["paragraphs"][:2])
    return section["depth"], section["role"], squashed(section["marker"] or ""), squashed(section["heading"] or "").rstrip(":。"), squashed(words)


def score_sentences(path: Path, wrong: Wrong) -> Scores:
    rows = _rows(path)
    for row in rows:
        said = [sentence.strip() for sentence in baogao.split_sentences(row["text"])]
        if said != [sentence.strip() for sentence in row["sentences"]]:
            wrong.append(f"{row['id']}: {said}")
    return {"right": _share(len(rows) - len(wrong), len(rows))}


def score_indicators(path: Path, wrong: Wrong) -> Scores:
    n = _count_indicators(path, wrong)
    scores = {
        "precision": _share(n["paired"], n["said"]),
        "recall": _share(n["paired"], n["gold"]),
        "linked": _share(n["linked"], n["gold"]),
        "all_fields": _share(n["all right"], n["gold"]),
        "relations": _share(n["relations right"], n["relations"]),
    }
    return scores | ({"traps": _share(n["traps passed"], n["traps"])} if n["traps"] else {})


def accuracy() -> list[Row]:
    """Of the figures of real reports, by field: how many cases there are, and how many are right."""
    total: Counter[str] = Counter()
    for name in ACCURACY:
        total += _count_indicators(SETS[name][1], [])
    rows = [{"what": "figures found", "right": total["paired"], "of": total["gold"]}]
    rows += [{"what": field, "right": total[f"{field} right"], "of": total[f"{field} judged"]} for field in _FIELDS]
    rows += [{"what": "all labelled fields", "right": total["all right"], "of": total["gold"]}]
    return [*rows, {"what": "relations", "right": total["relations right"], "of": total["relations"]}]


def _count_indicators(path: Path, wrong: Wrong) -> Counter[str]:
    n: Counter[str] = Counter()
    for row in _rows(path):
        said = [_as_row(record) for record in baogao.measure(row["text"], report_year=row.get("report_year"), section=row.get("section"))]
        figures = [record for record in said if _is_figure(record)]
        gold = [record for record in row["records"] if record["measure"] != "ratio"]
        errors = _pair_figures([record for record in gold if record["measure"] != "relation"], figures, n)
        errors += _pair_relations([record for record in gold if record["measure"] == "relation"], [record for record in said if not _is_figure(record)], n)
        traps = row.get("not_values", [])
        caught = [trap for trap in traps if any(_touches(record, row["text"], trap) for record in figures)]
        n["traps"] += len(traps)
        n["traps passed"] += len(traps) - len(caught)
        errors += [f"takes {trap} for a value" for trap in caught]
        wrong += [f"{row['id']} {row['text'][:60]}: {error}" for error in errors]
    return n


# The labelled sets: what scores them, and where they are. Those of the shared folder are there only where the project is developed.
SETS = {
    "cleaning": (score_cleaning, HERE / "cleaning"),
    "cleaning at large": (score_cleaning, HERE / "cleaning_at_large"),
    "encodings": (score_encodings, HERE / "cleaning_at_large"),
    "sentences": (score_sentences, HERE / "sentences.jsonl"),
    "sections": (score_sections, HERE / "sections"),
    "indicators": (score_indicators, HERE / "indicators.jsonl"),
    "shared cleaning": (score_cleaning, SHARED / "corpus" / "pages_with_gold"),
    "shared encodings": (score_encodings, SHARED / "corpus" / "pages_with_gold"),
    "shared sentences": (score_sentences, SHARED / "gold" / "sentences.jsonl"),
    "shared sections": (score_sections, HERE / "sections_of_shared"),
    "shared indicators": (score_indicators, SHARED / "gold" / "indicators_sentences.jsonl"),
    "shared target passages": (score_indicators, SHARED / "gold" / "indicators_target_passages.jsonl"),
}


def is_here(name: str) -> bool:
    """Whether the texts of a set are there: labels of the project's own may be of texts of the shared folder."""
    return SETS[name][1].exists() and (not name.startswith("shared ") or (SHARED / "corpus").exists())


# The sets whose texts were found, not made for the purpose.
ACCURACY = ("shared indicators", "shared target passages")


_ACCURACY = """# How right figures are on labelled sentences of real reports: field, cases, and how many of them are right.
# Rendered by tests/gold/score.py --accuracy.
"""


def score(name: str, wrong: Wrong | None = None) -> Scores:
    scorer, path = SETS[name]
    return scorer(path, [] if wrong is None else wrong)


def falls_short(measure: str, reached: float, floor: float) -> bool:
    """Whether a score is worse than its floor; an error count is worse when it is higher."""
    return reached > floor if measure.rpartition(": ")[2] in ERRORS else reached < floor


# --- figures and relations


def _pair_figures(gold: list[Row], figures: list[Row], n: Counter[str]) -> Wrong:
    free, errors = list(figures), []
    for label in gold:
        judged = [key for key in _FIELDS if label.get(key) is not None]
        pairs = [record for record in free if _same_figure(label, record) and _overlaps(label, record)]
        if not pairs:
            errors.append(f"misses {label['name'] if 'name' in label else label['indicator']} {[label[key] for key in _VALUES]}")
            continue
        hit = max(pairs, key=lambda record: sum(_is_right(key, label, record) for key in judged))
        free.remove(hit)
        bad = [key for key in judged if not _is_right(key, label, hit)]
        n["paired"] += 1
        n["linked"] += not {"indicator", "name"} & set(bad)
        n["all right"] += not bad
        n.update(f"{key} judged" for key in judged)
        n.update(f"{key} right" for key in judged if key not in bad)
        errors += [f"{hit['quote']}: {key} is {hit[key]}, not {label[key]}" for key in bad]
    n["gold"] += len(gold)
    n["said"] += len(figures)
    return errors + [f"invents {record['name']} {record['quote']}" for record in free]


def _pair_relations(gold: list[Row], relations: list[Row], n: Counter[str]) -> Wrong:
    free, errors = list(relations), []
    for label in gold:
        n["relations"] += 1
        hit = next((record for record in free if _same_subject(label, record)), None)
        if hit is not None:
            free.remove(hit)
            n["relations right"] += hit["bound"] == label.get("bound")
        if hit is None or hit["bound"] != label.get("bound"):
            errors.append(f"relation of {label.get('name') or label.get('indicator')} is {hit and hit['bound']}, not {label.get('bound')}")
    return errors + [f"invents {record['name']} {record['quote']}" for record in free if record["measure"] == "relation"]


def _same_subject(label: Row, record: Row) -> bool:
    return bool(record["indicator"] == label["indicator"]) if "indicator" in label else _same_name(label["name"], record["name"])


def _same_figure(label: Row, record: Row) -> bool:
    """Whether a record is the labelled figure, by its values; by its subject where the label states no value."""
    return _same_values(label, record) if _is_figure(label) else _same_subject(label, record)


def _same_values(label: Row, record: Row) -> bool:
    pairs = [(label.get(key), record[key]) for key in _VALUES]
    return all(a is b is None or (a is not None and b is not None and abs(a - b) <= 1e-6 * max(1.0, abs(a), abs(b))) for a, b in pairs)


def _overlaps(label: Row, record: Row) -> bool:
    return "start" not in label or bool(record["start"] < label["end"] and label["start"] < record["end"])


def _is_right(key: str, label: Row, record: Row) -> bool:
    if key == "name":
        return _same_name(label[key], record[key])
    return bool(_plain(label[key]) == _plain(record[key]) if key == "unit" else label[key] == record[key])


def _same_name(gold: str, said: str | None) -> bool:
    """Whether two names name the same thing: 竣工面积 for 全市竣工面积 does, 面积 does not."""
    label, name = _plain(gold), _plain(said)
    return bool(name) and (label == name or (len(name) >= 2 and label.endswith(name) and 2 * len(name) >= len(label)) or name.endswith(label))


def _touches(record: Row, text: str, trap: str) -> bool:
    starts = (at for at in range(len(text)) if text.startswith(trap, at))
    return any(record["start"] < at + len(trap) and at < record["end"] for at in starts)


def _is_figure(record: Row) -> bool:
    return any(record.get(key) is not None for key in _VALUES)


def _as_row(record: Any) -> Row:
    row = {key: getattr(record, key) for key in (*_FIELDS, *_VALUES, "start", "end", "quote")}
    return row | {key: row[key] and row[key].year for key in ("period_start", "period_end")}


# --- texts


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def folded_lines(text: str, either: set[str]) -> list[str]:
    return [line for line in map(squashed, text.split("\n")) if line and line not in either]


def squashed(line: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", line) if not c.isspace() and unicodedata.category(c) != "Cf")


def _plain(text: str | None) -> str:
    return "".join((text or "").split()).translate(str.maketrans("（），：％", "(),:%"))


def _runs(lines: list[str]) -> Counter[tuple[str, ...]]:
    """Runs of four tokens: a word of Latin letters or digits is one, a Han character is one."""
    tokens = _TOKEN.findall("\n".join(lines))
    return Counter(tuple(tokens[n : n + 4]) for n in range(max(1, len(tokens) - 3)))


def overlap(said: list[str], gold: list[str]) -> float:
    """F1 of the runs of two texts: twice what they share, over what both hold."""
    one, other = _runs(said), _runs(gold)
    return 2 * (one & other).total() / (one.total() + other.total())


def _share(part: float, whole: int) -> float:
    """A share, rounded down to three digits."""
    return 1000 * part // whole / 1000 if whole else 0.0


def _table(floors: dict[str, Scores]) -> str:
    lines = [f"{'set':<24}{'measure':<28}{'floor':>8}{'score':>8}"]
    for name in SETS:
        if not is_here(name):
            lines.append(f"{name:<24}{'not here':<28}")
            continue
        for measure, reached in score(name).items():
            lines.append(f"{name:<24}{measure:<28}{floors.get(name, {}).get(measure, '-'):>8}{reached:>8}")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    if "--json" in arguments:
        said = json.dumps({name: score(name) for name in SETS if is_here(name)}, indent=2)
    elif "--accuracy" in arguments:
        said = _ACCURACY + "\n".join(f"- {json.dumps(row)}" for row in accuracy())
    elif "--wrong" in arguments:
        wrong: Wrong = []
        for name in filter(is_here, SETS):
            found: Wrong = []
            score(name, found)
            wrong += [f"{name}: {error}" for error in found]
        said = "\n".join(wrong)
    else:
        said = _table(json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {})
    sys.stdout.write(said + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
