"""The house rules that no linter knows."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FUNCTION = 40
LONGEST_MODULE = 300
LONGEST_TEST_MODULE = 500
NOT_OURS = {".git", ".venv", "var", "dist", "node_modules"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or would be tracked; without git, every file that is no product of a tool."""
    asked = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True)
    if asked.returncode == 0:
        found = [ROOT / name for name in asked.stdout.decode().split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not usual_product(path.relative_to(ROOT))]
    return tuple(sorted(path for path in found if path.is_file()))


def usual_product(path: Path) -> bool:
    return bool(NOT_OURS & set(path.parts)) or any(
        re.search(r"^__pycache__$|^\..*_cache$|\.egg-info$", part) for part in path.parts
    )


def modules(*places: str) -> Iterator[Path]:
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and name.startswith(places) and "/migrations/" not in name:
            yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf8"), str(path))


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of every text file but this one, which has to name what it looks for."""
    for path in files():
        content = path.read_bytes()
        if path != Path(__file__).resolve() and b"\0" not in content:
            yield path.relative_to(ROOT).as_posix(), content.decode("utf8", errors="replace")


def length(node: ast.AST) -> int:
    """Lines from the first decorator to the end."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])  # type: ignore[attr-defined]
    return node.end_lineno - first + 1  # type: ignore[attr-defined]


def test_no_function_is_longer_than_a_screen() -> None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    too_long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {length(node)} lines"
        for path in modules("consultant/", "worker.py", "manage.py", "tests/", "bench/")
        for node in ast.walk(tree(path))
        if isinstance(node, functions) and length(node) > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_no_module_is_longer_than_one_sitting() -> None:
    lines = {path: len(path.read_text(encoding="utf8").splitlines()) for path in modules("")}
    limits = {path: LONGEST_TEST_MODULE if path.is_relative_to(ROOT / "tests") else LONGEST_MODULE for path in lines}
    assert [f"{path.relative_to(ROOT)}: {lines[path]}" for path in lines if lines[path] > limits[path]] == []


def test_nothing_is_called_utils() -> None:
    assert [str(path) for path in files() if path.stem in {"utils", "util", "helpers", "misc", "common"}] == []


def test_there_are_no_signals() -> None:
    """What happens next stands where it happens, not in a receiver somewhere else."""
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules("consultant/", "worker.py")
        for node in ast.walk(tree(path))
        for name in imported(node)
        if name.startswith("django.dispatch") or re.fullmatch(r"django\.(\w+\.)*signals(\..+)?", name)
    ]
    assert found == []


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def test_no_file_is_one_of_those_that_carry_descriptors_of_cpt_codes() -> None:
    """By their usual names. The books of the AMA and the ADA belong to the operator's data folder, never to the project."""
    names = re.compile(
        r"descriptor|longult|longut|shortu|medu\b|pprrvu|\bcpt[-_]?(codes|short|long|medium|full|desc)|\bcdt[-_]?(codes|desc)",
        re.IGNORECASE,
    )
    assert [str(path) for path in files() if names.search(path.name)] == []


def test_no_file_holds_a_secret() -> None:
    patterns = {
        "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
        "a cloud key": r"\bAKIA[0-9A-Z]{16}\b",
        "a token": r"(?<![\w-])(ghp|gho|glpat|xox[abp]|sk)[-_][A-Za-z0-9_-]{20,}",
        "a secret key": r"""SECRET_KEY\s*[:=]\s*["'][^"'$/{]{16,}["']""",
    }
    assert [f"{name}: {what}" for name, text in texts() for what, pattern in patterns.items() if re.search(pattern, text)] == []


def test_no_file_names_a_place_on_one_machine() -> None:
    place = re.compile(r"(?<![\w.~}-])/(home|root|Users|work|opt|srv|mnt)/\w[^\s\"'`)]*")
    assert [f"{name}: {found.group()}" for name, text in texts() if (found := place.search(text))] == []


def test_no_file_names_a_registry_to_download_from() -> None:
    """Where packages come from is the machine's business; the locks say by hash which ones they must be."""
    address = re.compile(r"pypi\.org/simple|pythonhosted\.org|deb\.debian\.org|registry\.npmjs|--(extra-)?index-url|--find-links")
    assert [f"{name}: {found.group()}" for name, text in texts() if (found := address.search(text))] == []


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf8")
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("lock", ["base", "production"])
def test_what_is_delivered_is_what_was_tested(lock: str) -> None:
    assert pins(lock).items() <= pins("dev").items()


@pytest.mark.parametrize("lock", ["base", "production", "dev"])
def test_every_package_is_known_by_its_hash(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf8")
    blocks = re.split(r"^(?=\S+==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(re.findall(r"^\S+==", text, re.MULTILINE)) > 0
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def commands() -> list[Path]:
    return [path for path in modules("consultant/management/commands/") if not path.stem.startswith("_")]


def test_there_are_commands() -> None:
    assert commands()


@pytest.mark.parametrize("path", commands(), ids=lambda path: path.stem)
def test_every_command_says_in_a_line_what_it_does(path: Path) -> None:
    (command,) = [node for node in tree(path).body if isinstance(node, ast.ClassDef) and node.name == "Command"]
    says = {
        target.id: ast.literal_eval(node.value)
        for node in command.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id == "help"
    }
    assert 10 <= len(says.get("help", "")) <= 120, says


def test_every_dependency_has_its_reason_written_down() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["production"]]
    wanted += [name for group in project["dependency-groups"].values() for name in group]
    reasons = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf8")
    named = set(re.findall(r"^- \*\*([a-z0-9-]+)\*\*", reasons, re.MULTILINE))
    assert {re.split(r"[\[<>=]", one)[0] for one in wanted} == named
