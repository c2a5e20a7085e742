from __future__ import annotations

import functools
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from baogao import pipeline
from baogao.cli import main

SESSIONS = Path(__file__).parent / "examples" / "cli"
IN_LINE = ["--no-prefect", "--engine", "inline"]
# What stands for a part of a line that the session does not fix.
MASKS = {"{n}": r"[0-9][0-9.,]*", "{...}": r".*"}


@dataclass
class Step:
    """A command typed, and what it should come to. Without a status it is none of baogao's."""

    command: str
    output: list[str]
    errors: list[str]
    status: int | None = None


def steps(session: Path) -> Iterator[Step]:
    step: Step | None = None
    for line in session.read_text(encoding="utf-8").splitlines():
        if line.startswith("$ "):
            if step:
                yield step
            step = Step(line[2:], [], [])
        elif step is None:
            raise ValueError(f"{session.name} begins with {line!r} and not with a command")
        elif ended := re.fullmatch(r"\[(\d+)\]", line):
            step.status = int(ended[1])
        elif line.startswith("! "):
            step.errors.append(line[2:])
        else:
            step.output.append(line)
    if step:
        yield step


def pattern(lines: list[str], here: Path) -> str:
    fixed = "".join(f"{line}\n" for line in lines).replace("{here}", str(here))
    return "".join(MASKS.get(piece, re.escape(piece)) for piece in re.split(r"(\{n\}|\{\.\.\.\})", fixed))


@pytest.fixture
def here(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which holds only the corpus."""
    shutil.copytree(root / "tests" / "examples" / "corpus", tmp_path / "corpus")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def rows_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row fails an expectation: what these say is not the subject, and they take most of a build's time."""
    monkeypatch.setattr("baogao.expectations.violations", lambda table, rows: [])


# --- sessions


@pytest.mark.parametrize("name", sorted(session.stem for session in SESSIONS.glob("*.txt")))
def test_a_session_goes_as_written(name: str, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pipeline, "build", functools.partial(pipeline.build, engine="inline"))  # for check --rebuild, which names no engine
    if name != "build-corpus":
        monkeypatch.setattr("baogao.expectations.violations", lambda table, rows: [])
    for step in steps(SESSIONS / f"{name}.txt"):
        program, *arguments = shlex.split(step.command) if step.status is not None else [""]
        if program != "baogao":
            subprocess.run(step.command, shell=True, check=True, cwd=here)
            continue
        status = main([*arguments, *(IN_LINE if arguments[0] == "build" else [])])
        said = capsys.readouterr()
        assert status == step.status, f"$ {step.command}\n{said.err}"
        for expected, found in ((step.output, said.out), (step.errors, said.err)):
            if not re.fullmatch(pattern(expected, here), found):
                pytest.fail(f"$ {step.command}\n{found}", pytrace=False)


def test_every_error_is_one_sentence_with_the_way_out_or_the_reason():
    errors = [step for session in SESSIONS.glob("*.txt") for step in steps(session) if step.status and step.errors]
    assert len(errors) >= 15
    for step in errors:
        [line] = step.errors
        assert line.startswith("baogao: ")
        assert ": " in line.removeprefix("baogao: ")
        assert step.output == []


# --- beside the sessions


@pytest.mark.usefixtures("rows_pass")
def test_a_page_that_cannot_be_read_is_rejected_beside_one_that_can(here: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["build", "corpus/empty.txt", "corpus/cover.txt", "corpus/undated.txt", "--json", *IN_LINE]) == 0
    built = json.loads(capsys.readouterr().out)
    assert built["quality"]["pages"] == {"read": 3, "distinct": 3, "of_reports": 1}
    pages = [json.loads(line) for line in (Path(built["path"]) / "json" / "pages.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {page["source"]: (page["status"], page["reason"]) for page in pages if page["status"] == "rejected"} == {
        "empty.txt": ("rejected", "the page is empty"),
        "cover.txt": ("rejected", "the page is binary, not text or HTML"),
    }


def test_another_run_that_holds_the_folder_is_told(here: Path, capsys: pytest.CaptureFixture[str]):
    (here / "output" / ".work").mkdir(parents=True)
    with FileLock(here / "output" / ".work" / "lock"):
        assert main(["build", "corpus/undated.txt", *IN_LINE]) == 2
    assert capsys.readouterr().err == (
        f"baogao: another run is writing to {here / 'output'}: wait for it to end, or name another folder with --output\n"
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyboardInterrupt(), "stopped; finished work is kept, and the next run goes on from it"),
        (OSError(28, "No space left on device"), "[Errno 28] No space left on device"),
    ],
)
def test_what_ends_a_run_from_outside_is_told_without_a_traceback(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: BaseException, said: str
):
    def stop(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(pipeline, "build", stop)
    assert main(["build", *IN_LINE]) == 2
    assert capsys.readouterr() == ("", f"baogao: {said}\n")


def test_marks_of_the_terminal_in_a_name_do_not_reach_it(here: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["build", "bad\x1b[31mname\n.txt", *IN_LINE]) == 2
    error = capsys.readouterr().err
    assert "\x1b" not in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [[], ["publish"], ["build", "--engine", "threads"], ["build", "--workers", "two"], ["where"], ["check", "output", "more"], ["build", "--quiet"]],
    ids=" ".join,
)
def test_wrong_use_shows_how_to_use_it(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("usage: baogao")
    assert re.search(r"^baogao[a-z ]*: error: ", said.err, re.MULTILINE)


@pytest.mark.parametrize("command", ["build", "check", "where", "coverage"])
def test_every_command_tells_its_options(command: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "--json" in capsys.readouterr().out


@pytest.mark.usefixtures("rows_pass")
def test_a_terminal_sees_each_stage_on_stderr_and_the_same_result_on_stdout(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    assert main(["build", "corpus/undated.txt", "--output", "output", *IN_LINE]) == 0
    plain = capsys.readouterr()
    assert plain.err == ""
    shutil.rmtree(here / "output")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["build", "corpus/undated.txt", "--output", "output", *IN_LINE]) == 0
    shown = capsys.readouterr()
    assert shown.out == plain.out
    assert [stage for stage in pipeline.STAGES if stage not in shown.err] == []


# --- as a program


def program(root: Path, cwd: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {"PYTHONPATH": str(root / "flows"), "PATH": "/usr/bin:/bin", "HOME": str(cwd), "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "baogao.cli", *arguments]
    return subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")


def test_the_program_builds_with_processes_what_is_built_in_line(root: Path, here: Path, seed_output: Path):
    run = program(root, here, "build", str(root / "seeds" / "pages"), "--no-prefect", "--json", "--workers", "2")
    out, err = run.communicate()
    assert (run.returncode, err) == (0, "")
    built = Path(json.loads(out)["path"])
    assert built == here / "output" / "releases" / "1.0.0"
    tables, expected = ({file.name: file.read_bytes() for file in release.glob("data/*/*.parquet")} for release in (built, seed_output / "releases" / "1.0.0"))
    assert "targets.parquet" in expected
    assert tables == expected


def test_the_program_ends_with_the_status_and_one_sentence(root: Path, tmp_path: Path):
    run = program(root, tmp_path, "build", "missing", "--no-prefect")
    assert run.communicate() == (
        "", "baogao: missing does not exist: name a file, a folder, a glob or an address such as s3://bucket/pages\n",
    )  # fmt: skip
    assert run.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_has_gone_is_no_error(root: Path, tmp_path: Path, seed_output: Path):
    run = program(root, tmp_path, "check", str(seed_output))
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.close()
    assert (run.wait(), run.stderr.read()) == (0, "")
    run.stderr.close()
