"""What a worker does with a batch: the heavy moves of the pipeline, each from references to a folder of finished work.

In: an item: page references, documents, or the folder of a batch. Out: the folder that holds the result, worked now or before.
Each folder is named by the fingerprint of all that made it: bytes, site cards, code, vocabularies, library versions. Never: another batch's texts.
"""

from baogao.moves.checks import CHECK_CODE, WARNINGS, CheckBatch, check_summary, checked_folder, work_checks
from baogao.moves.pages import PageBatch, learn_site_lines, pages_folder, work_pages
from baogao.moves.pieces import PAGE_CODE, read_made, read_rejects
from baogao.moves.reports import REPORT_CODE, REPORT_TABLES, Document, Pages, ReportBatch, documents, reports_folder, work_reports

__all__ = [
    "CHECK_CODE", "PAGE_CODE", "REPORT_CODE", "REPORT_TABLES", "WARNINGS", "CheckBatch", "Document", "PageBatch", "Pages", "ReportBatch", "check_summary",
    "checked_folder", "documents", "learn_site_lines", "pages_folder", "read_made", "read_rejects", "reports_folder", "work_checks", "work_pages", "work_reports",
]  # fmt: skip
