"""What Prefect reads from the environment when it is imported.

In: an output folder. Out: the environment, set. Never: a change to what the user has set.
"""

from __future__ import annotations

import os

from baogao.store import Output

# An embedded server on a busy machine takes longer to start than Prefect's 20 s.
_STARTUP_SECONDS = "180"


def configure(output: Output, *, verbose: bool) -> None:
    """Settings for a run: without a configured server Prefect keeps its SQLite file under output/.work. Logs go to the server; to the terminal if verbose."""
    settings = {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": _STARTUP_SECONDS,
        "PREFECT_LOGGING_LEVEL": "INFO",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO" if verbose else "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    }
    if "PREFECT_API_URL" not in os.environ:
        settings["PREFECT_HOME"] = str(output.work / "prefect")
    for name, value in settings.items():
        os.environ.setdefault(name, value)
