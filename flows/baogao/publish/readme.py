"""The README of a release: for people in Chinese and English, and at its head the card that Hugging Face reads.

In: the description of the dataset, the version, rows by table, quality.json. Out: Markdown. Never: a fact that schemas/ or the tables do not state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from baogao import contract

# Upper bounds of Hugging Face's classes of size, in rows of all tables.
_SIZES = {1_000: "n<1K", 10_000: "1K<n<10K", 100_000: "10K<n<100K", 1_000_000: "100K<n<1M", 10_000_000: "1M<n<10M", 100_000_000: "10M<n<100M"}


def open_with(folder: str) -> list[tuple[str, str]]:
    """Lines to copy that open a table of the release in a folder, by tool."""
    file = f"{folder}/data/indicators/*.parquet"
    return [
        ("pandas", f"import pandas as pd; indicators = pd.read_parquet('{folder}/data/indicators', dtype_backend='pyarrow')"),
        ("DuckDB", f"import duckdb; indicators = duckdb.read_parquet('{file}')"),
        ("Polars", f"import polars as pl; indicators = pl.read_parquet('{file}')"),
        ("PyArrow", f"import pyarrow.dataset as ds; indicators = ds.dataset('{folder}/data/indicators').to_table()"),
    ]


# Other tools, with what to know of each.
_ELSEWHERE = """\
| | |
|---|---|
| Hugging Face datasets | `load_dataset('/absolute/path/to/this/folder', 'indicators', split='train')` |
| Spark | `spark.read.parquet('data/indicators')` |
| Dask | `dask.dataframe.read_parquet('data/indicators', dtype_backend='pyarrow')` |
| R | `arrow::open_dataset('data/indicators')` |
| JSON | `pandas.read_json('json/targets.jsonl', lines=True, dtype=False)`; `jq -c 'select(.report_year == 2024)' json/targets.jsonl` |
| Excel | `csv/*.csv` open by double click (UTF-8 with a byte order mark); import codes (`place_code`) as text |"""


def readme(version: str, released: str, tables: Mapping[str, Mapping[str, Any]], quality: Mapping[str, Any]) -> str:
    """README.md. `tables` gives rows by table, `quality` is quality.json."""
    about = contract.package()
    described = contract.tables()
    rows = [f"| [{name}](schemas/{name}.json) | {described[name].title['zh']} | {facts['rows']:,} | {described[name].description} |" for name, facts in tables.items()]
    return "\n".join(
        [
            _card(tables),
            f"# {about['title']['zh']} / {about['title']['en']}",
            "",
            f"Version {version}, released {released}.",
            "",
            about["description"]["zh"],
            "",
            about["description"]["en"].strip(),
            "",
            "| table | 表 | rows | |",
            "|---|---|---:|---|",
            *rows,
            "",
            "Each table is in `data/<table>/` as Parquet; `json/` holds nested reports (`json/reports/`, see `schemas/nested-reports.json`) and small tables,",
            "`csv/` files for spreadsheets. `changes/` says how this release differs from the one before it: in numbers (`changes.json`), row by row, and which",
            "identifiers changed. The meaning of every column stands in `datapackage.json`, in `schemas/` and in the metadata of every Parquet file; `croissant.json`",
            "describes the same to machines, `quality.json` says how much of it is there, `provenance.jsonl` (OpenLineage) what was made from what.",
            "The latter names no time of day, machine, person or commit, so that two builds of one release agree to the byte.",
            "`start` and `end` count characters (code points) of `reports.text` from 0.",
            "",
            "## 使用说明",
            "",
            "- 每张表在 `data/<表名>/` 下,为 Parquet 文件;`json/reports/` 是按报告嵌套的 JSON,`csv/` 供表格软件直接打开。",
            "- 常用三张表:`reports`(报告)、`indicators`(每一个数字及其指标、数值、单位、界限、时期、性质)、`targets`(每份报告的目标,附原句)。",
            "- 每个数字都能一步核对:`quote` 是数字原文,`start`、`end` 是它在 `reports.text` 中的位置(从 0 数起的字符),`sentence_id` 指向所在句子。",
            "- `bound` 按带符号的数轴说明:“下降3.5%以上”的 `value` 为 -3.5,`bound` 为 le;“7%左右”为 approx;区间的两端在 `value_low`、`value_high`。",
            "- `value_si` 已乘以“万”“亿”,单位见 `unit_si`;增减百分点(个百分点)从不与 % 混同。",
            "- 数字由规则识别,未经人工逐条校对;准确率见下文“Accuracy”,缺漏与存疑见 `rejects`、`warnings`、`quality.json`。",
            "- 报告原文:本数据集不主张任何权利,依据与存疑见 `RIGHTS.md`;其余内容为 CC0-1.0。引用格式见 `CITATION.cff`。",
            "",
            "## Open it",
            "",
            "```python",
            *(f"{line}  # {tool}" for tool, line in open_with(".")),
            "```",
            "",
            _ELSEWHERE,
            "",
            "Verify it with `sha256sum -c SHA256SUMS`, or with `baogao check`, which also checks schemas, keys and offsets.",
            "",
            "## Accuracy",
            "",
            "Measured on hand-labelled sentences and target passages of real reports; a field that a label does not state is not judged.",
            "",
            "| | right | of | |",
            "|---|---:|---:|---:|",
            *(f"| {row['what']} | {row['right']} | {row['of']} | {row['right'] / row['of']:.1%} |" for row in contract.terms("accuracy")),
            "",
            "Rules were written with these sentences at hand. On passages that nobody had seen, before anything was mended:",
            "",
            "| | figures | found | invented | rightly named |",
            "|---|---:|---:|---:|---:|",
            *(f"| {row['set']['en']} | {row['figures']} | {row['found']} | {row['invented']} | {row['named']} |" for row in contract.terms("first_sight")),
            "",
            "## Limits",
            "",
            "- Reports are what sites published: some are excerpts (`reports.completeness`), some carry errors of their sites.",
            "- Figures are found by rules, not read by people. Every row of `indicators` names its rule and the place in the text that it was read from.",
            "- A row that fails a check is not in its table but in `rejects`, with the reason; a row that is unusual is in `warnings`, with its sentence.",
            *_left_out(quality),
            "",
            "## Rights",
            "",
            "Structured data: CC0-1.0 (`LICENSE`). Report texts: no rights claimed; see `RIGHTS.md`. To cite: `CITATION.cff`.",
            "",
        ]
    )


def _card(tables: Mapping[str, Mapping[str, Any]]) -> str:
    """The head that Hugging Face reads: one configuration a table, all rows in one split (`all` is a reserved name)."""
    about = contract.package()
    rows = sum(facts["rows"] for facts in tables.values())
    card = {
        "pretty_name": about["title"]["en"],
        "language": ["zh"],
        "license": about["licenses"][0]["name"].lower(),
        "tags": about["keywords"],
        "size_categories": [next((name for bound, name in _SIZES.items() if rows < bound), "100M<n<1B")],
        "configs": [
            {"config_name": name, "data_files": [{"split": "train", "path": f"data/{name}/*.parquet"}], **({"default": True} if name == "indicators" else {})}
            for name, facts in tables.items()
            if facts["rows"]
        ],
    }
    return f"---\n{yaml.safe_dump(card, allow_unicode=True, sort_keys=False, width=200)}---\n"


def _left_out(quality: Mapping[str, Any]) -> list[str]:
    """What may not be published, counted, and what was corrected."""
    lines = []
    pages, texts = quality["removals"]["pages"], quality["removals"]["texts"]
    if pages:
        lines.append(f"- {pages:,} page{' was' if pages == 1 else 's were'} removed on demand: nothing is published of {'it' if pages == 1 else 'them'}.")
    if texts:
        lines.append(f"- {texts:,} text{' was' if texts == 1 else 's were'} withdrawn (`reports.text_published`): its words are empty in all tables, its facts and offsets stay.")
    if corrected := quality["corrections"]["of_reports"]:
        lines.append(f"- {len(corrected):,} known error{'' if len(corrected) == 1 else 's'} of sources: `quality.json` names report, action and reason.")
    return lines
