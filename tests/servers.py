"""Servers of this machine that tests read from: HTTP with ranges, without, and with faults; an object store."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Site:
    """A folder that is served, and what goes wrong with it."""

    folder: Path
    address: str = ""
    ranges: bool = True
    breaks: dict[str, int] = field(default_factory=dict)
    """Names of files, and how many times the connection ends in the middle of them."""
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """Paths that were asked for, with the range."""


class _Handler(BaseHTTPRequestHandler):
    """Answers for the site of its server."""

    server: _Server

    def do_HEAD(self) -> None:
        self._head()

    def do_GET(self) -> None:
        site = self.server.site
        path = self.path.lstrip("/")
        site.asked.append((path, self.headers.get("Range")))
        body = self._head()
        name = Path(path).name
        if body and site.breaks.get(name, 0):
            site.breaks[name] -= 1
            self.close_connection = True
            body = body[: len(body) // 2]
        if body:
            self.wfile.write(body)

    def _head(self) -> bytes | None:
        """Send the head; the body that belongs to it."""
        site = self.server.site
        file = site.folder / self.path.lstrip("/")
        if not file.is_file():
            self.send_error(404)
            return None
        data = file.read_bytes()
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")) if site.ranges else None
        start, end = (int(wanted[1]), int(wanted[2] or len(data) - 1) + 1) if wanted else (0, len(data))
        body = data[start:end]
        self.send_response(206 if wanted else 200)
        if site.ranges:
            self.send_header("Accept-Ranges", "bytes")
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{start + len(body) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return body

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    """A server of one site."""

    def __init__(self, site: Site) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = site


@contextlib.contextmanager
def serve(folder: Path, *, ranges: bool = True) -> Iterator[Site]:
    """Serve a folder on loopback."""
    site = Site(folder, ranges=ranges)
    server = _Server(site)
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
