"""`./run`, tried in a copy of its own, with stand-ins for the programs that would change this machine or ask the network."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TASKS = ("demo", "up", "test", "lint", "bench", "knowledge", "env", "lock", "help")
TOOLS = (
    "basename",
    "cat",
    "cksum",
    "cut",
    "date",
    "dirname",
    "env",
    "flock",
    "grep",
    "id",
    "mkdir",
    "rm",
    "sh",
    "sleep",
    "tail",
    "tee",
)

#: Notes how it was called, and makes what ./run looks for.
FAKE_UV = """#!/bin/sh
echo "$*" >>"$CALLS"
case $1 in
    venv)
        mkdir -p .venv/bin
        ln -sf "$BIN/true" .venv/bin/python
        ;;
    pip)
        if [ -n "${FAILING:-}" ]; then
            echo "error sending request for url"
            exit 2
        fi
        sleep "${SLOW:-0}"
        cp "$BIN/fake-consultant" .venv/bin/consultant
        ;;
esac
"""
FAKE_CONSULTANT = '#!/bin/sh\necho "consultant $*"\n'
APT_GET = """#!/bin/sh
echo "apt-get $* $([ -x "$POLICY_RC_D" ] && echo forbidden)" >>"$CALLS"
case "$*" in
    *update*) : >"$BIN/lists" ;;
    *) [ -e "$BIN/lists" ] ;;
esac
"""


class House:
    """A checkout with a `run` in it, and a PATH of which we know every program."""

    def __init__(self, folder: Path) -> None:
        self.root, self.bin = folder / "a checkout", folder / "bin"
        self.calls = folder / "calls"
        self.calls.touch()
        self.bin.mkdir(parents=True)
        for name in (*TOOLS, "chmod", "cp", "ln", "true"):
            self.install(name)
        (self.root / "requirements").mkdir(parents=True)
        shutil.copy2(ROOT / "run", self.root)
        shutil.copy2(ROOT / "pyproject.toml", self.root)
        for lock in (ROOT / "requirements").glob("*.lock"):
            shutil.copy2(lock, self.root / "requirements")
        self.program("fake-consultant", FAKE_CONSULTANT)
        self.environment = {"PATH": str(self.bin), "HOME": str(folder), "CALLS": str(self.calls), "BIN": str(self.bin)}

    def install(self, name: str, path: str | None = None) -> None:
        if found := path or shutil.which(name):
            (self.bin / name).symlink_to(found)

    def program(self, name: str, text: str) -> None:
        """A stand-in. What was installed under its name is a link to the machine's own program: never write through it."""
        (self.bin / name).unlink(missing_ok=True)
        with (self.bin / name).open("x") as file:
            file.write(text)
        (self.bin / name).chmod(0o755)

    def with_uv(self) -> None:
        self.program("uv", FAKE_UV)
        self.install("python3", sys.executable)

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a task, from elsewhere, with nothing to read."""
        return subprocess.run(
            [str(self.root / "run"), *words],
            cwd=self.bin,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def calls_since(self) -> list[str]:
        """What the stand-ins were asked for since the last look."""
        said = self.calls.read_text().splitlines()
        self.calls.write_text("")
        return said


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def shells() -> list[str]:
    return [path for name in ("dash", "bash", "sh") if (path := shutil.which(name))]


@pytest.mark.parametrize("shell", shells())
@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_every_shell_reads_it(shell: str, script: str) -> None:
    assert subprocess.run([shell, "-n", ROOT / script], capture_output=True).stderr == b""
    assert os.access(ROOT / script, os.X_OK)


@pytest.mark.parametrize("shell", shells())
def test_help_names_every_task_and_needs_nothing(shell: str, house: House) -> None:
    shown = subprocess.run([shell, house.root / "run", "help"], env=house.environment, capture_output=True, text=True)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert tuple(re.findall(r"^  (\w+)  +\w", shown.stdout, re.MULTILINE)) == TASKS
    assert not (house.root / ".venv").exists()
    assert house.run().stdout == shown.stdout


def test_an_unknown_task_is_a_sentence(house: House) -> None:
    asked = house.run("mail")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr == 'There is no task "mail"; ./run help lists them.\n'


def test_without_python_it_says_what_is_needed(house: House) -> None:
    asked = house.run("env")
    assert asked.returncode == 1
    assert asked.stderr.startswith("Python 3.11 or newer is needed, found: none. ")
    assert not (house.root / ".venv").exists()


def test_an_old_python_is_named(house: House) -> None:
    house.program("python3", '#!/bin/sh\n[ "$1" != --version ] || echo Python 3.9.2\n[ "$1" = --version ]\n')
    asked = house.run("env")
    assert asked.returncode == 1
    assert asked.stderr.startswith("Python 3.11 or newer is needed, found: Python 3.9.2. ")
    assert asked.stderr.count("\n") == 1


def test_the_first_run_makes_the_environment_and_the_second_starts_at_once(house: House) -> None:
    house.with_uv()
    made = house.run("env")
    assert made.returncode == 0, made.stderr
    assert re.fullmatch(r"Python packages \(base, with uv\) … \d+ s\n", made.stderr)
    assert any("--require-hashes -r requirements/base.lock" in call for call in house.calls_since())
    before = time.monotonic()
    again = house.run("demo", "--quick")
    assert time.monotonic() - before < 1
    assert (again.stdout, again.stderr, house.calls_since()) == ("consultant demo --quick\n", "", [])


def test_a_changed_lock_is_installed_and_an_old_one_again_when_it_comes_back(house: House) -> None:
    house.with_uv()
    lock = house.root / "requirements" / "base.lock"
    old = lock.read_text()
    house.run("env")
    for text in (old + "# newer\n", old):
        lock.write_text(text)
        house.calls_since()
        assert house.run("env").returncode == 0
        assert house.calls_since() != []


def test_who_has_the_tests_packages_has_the_base_too(house: House) -> None:
    house.with_uv()
    house.run("lint")  # fails after the installation: there is no ruff among the stand-ins
    assert any("requirements/dev.lock" in call for call in house.calls_since())
    assert house.run("env").returncode == 0
    assert house.calls_since() == []


def test_an_environment_that_was_killed_half_made_is_made_anew(house: House) -> None:
    house.with_uv()
    command, environment = [str(house.root / "run"), "env"], house.environment | {"SLOW": "30"}
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 20
    while "pip install" not in house.calls.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    left_over = house.root / ".venv" / "left-over"
    left_over.touch()
    assert house.run("env").returncode == 0
    assert not left_over.exists()
    assert (house.root / ".venv" / "bin" / "consultant").exists()


def test_an_environment_that_was_moved_is_made_anew(house: House) -> None:
    house.with_uv()
    house.run("env")
    house.calls_since()
    house.root = house.root.rename(house.root.with_name("elsewhere"))
    assert house.run("env").returncode == 0
    assert house.calls_since() != []


def test_two_at_once_make_one_environment(house: House) -> None:
    house.with_uv()
    command, environment = [str(house.root / "run"), "env"], house.environment | {"SLOW": "0.5"}
    both = [subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(30) for process in both] == [0, 0]
    assert [call.split()[0] for call in house.calls_since()].count("venv") == 1


def test_no_network_is_one_sentence_and_what_was_whole_stays_whole(house: House) -> None:
    house.with_uv()
    house.run("env")
    failed = house.run("lint", FAILING="yes")
    assert failed.returncode == 1
    assert "could not be installed: no connection to the package index. What uv said is in .venv/setup.log." in failed.stderr
    assert "error sending request" in (house.root / ".venv" / "setup.log").read_text()
    house.calls_since()
    assert house.run("env").returncode == 0
    assert house.calls_since() == []


def test_with_plain_pip_no_network_is_one_sentence_too(house: House) -> None:
    house.install("python3", getattr(sys, "_base_executable", sys.executable))
    nowhere = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
        "PIP_NO_CACHE_DIR": "1",
    }
    failed = house.run("env", **nowhere)
    assert failed.returncode == 1
    phase, sentence = failed.stderr.splitlines()
    assert phase == "Python packages (base, with pip) … failed"
    assert sentence.startswith(
        "The Python packages could not be installed: no connection to the package index. What pip said is in "
    )


def test_lint_runs_every_check_and_then_fails_when_one_failed(house: House) -> None:
    house.with_uv()
    house.run("env")
    for name, code in (("ruff", 1), ("mypy", 0), ("lint-imports", 1)):
        tool = house.root / ".venv" / "bin" / name
        tool.write_text(f"#!/bin/sh\necho {name} {code} $*\nexit {code}\n")
        tool.chmod(0o755)
    linted = house.run("lint")
    assert linted.returncode == 1
    assert linted.stdout.splitlines() == ["ruff 1 check", "ruff 1 format --check", "lint-imports 1"]
    assert re.findall(r"^([\w -]+) … (failed|\d+ s)$", linted.stderr.partition("\n")[2], re.MULTILINE)[-4:] != []
    assert linted.stderr.count("failed") == 3


def test_missing_servers_are_named_where_they_cannot_be_installed(house: House) -> None:
    house.with_uv()
    house.program("id", "#!/bin/sh\necho 1000\n")
    asked = house.run("test", POLICY_RC_D=os.devnull)
    assert asked.returncode == 1
    sentence = asked.stderr.splitlines()[-1]
    assert re.match(r"Missing on this machine: .*\bchromium\b.*\. On Debian, as root: apt-get install ", sentence)


def test_root_on_debian_gets_the_missing_servers_without_starting_them(house: House) -> None:
    house.with_uv()
    house.program("id", "#!/bin/sh\necho 0\n")
    policy = house.bin / "policy-rc.d"
    # It finds no package before its lists are there, and notes whether services may start while it installs.
    house.program("apt-get", APT_GET)
    house.run("test", POLICY_RC_D=str(policy))
    called = [call for call in house.calls_since() if call.startswith("apt-get")]
    assert [("update" in call, "forbidden" in call) for call in called] == [(False, True), (True, True), (False, True)]
    for call in called[::2]:
        assert {"install", "--no-remove", "--no-install-recommends", "chromium"} <= set(call.split())
    assert not policy.exists()


def test_ci_runs_lint_and_tests_and_nothing_more() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == ["set -eu", "./run lint", "./run test"]
