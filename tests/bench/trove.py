"""The work of plain.py as a pipeline of datatrove: a reader of pages, its Trafilatura extractor, a step that counts words, its writer of JSON lines.

    python tests/bench/trove.py FOLDER OUTPUT [WORKERS]

The extractor has the options that datatrove gives it (precision, no comments, no repeated paragraphs), but for its time limit of a second a page, which
would lose pages on a busy machine. The files are not compressed, as those of plain.py are not. There is one task for each worker.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

import jieba
from datatrove.data import DocumentsPipeline
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.extractors import Trafilatura
from datatrove.pipeline.readers.base import BaseDiskReader
from datatrove.pipeline.writers import JsonlWriter
from trafilatura.utils import decode_file

_SECONDS = 60.0


class HtmlReader(BaseDiskReader):
    """A file is a document. It is decoded as trafilatura decodes bytes."""

    name = "HTML"

    def read_file(self, filepath: str) -> DocumentsPipeline:
        with self.data_folder.open(filepath, "rb") as file:
            document = self.get_document_from_dict({"text": decode_file(file.read())}, filepath, 0)
        if document:
            yield document


class CountWords(PipelineStep):
    """The words of a document with their counts."""

    name, type = "words", "COUNT"

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        for document in data:
            document.metadata["words"] = dict(Counter(jieba.lcut(document.text)))
            yield document


def main(folder: str, output: Path, workers: int) -> None:
    steps = [
        HtmlReader(folder, glob_pattern="**/*.html"),
        Trafilatura(timeout=_SECONDS),
        CountWords(),
        JsonlWriter(str(output), compression=None),
    ]
    LocalPipelineExecutor(steps, tasks=workers, workers=workers, logging_dir=str(output / "logs")).run()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else len(os.sched_getaffinity(0)))
