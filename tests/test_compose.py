"""docker-compose.yml and the Dockerfile hold together, as far as that can be seen without a Docker daemon."""

import itertools
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
OURS = ("migrate", "web", "worker", "beat", "doors")
THEIRS = ("redis", "postgres")
PROGRAMS = {"consultant", "gunicorn", "celery", "redis-server", "redis-cli", "pg_isready", "python", "sh"}
ONE_SHOT = "service_completed_successfully"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf8"))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return compose["services"]


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text(encoding="utf8")


def words_of(command: list[str]) -> list[str]:
    """A command's words; those of `sh -c` and of a shell check too."""
    return [word for part in command if part not in {"CMD", "CMD-SHELL"} for word in part.split()]


def test_docker_itself_accepts_the_file() -> None:
    client = shutil.which("docker")
    if not client or subprocess.run([client, "compose", "version"], capture_output=True).returncode:
        pytest.skip("this machine's docker has no compose: only the checks below were made")
    asked = subprocess.run([client, "compose", "config", "--quiet"], cwd=ROOT, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr


def test_every_service_stands_there(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {*OURS, *THEIRS}


def test_whoever_is_waited_for_exists_and_can_become_what_is_waited_for(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in services, f"{name} waits for {other}"
            if how["condition"] == "service_healthy":
                assert services[other]["healthcheck"]["test"], f"{name} waits for the health of {other}"
            else:
                assert (how["condition"], services[other]["restart"]) == (ONE_SHOT, "no")


def test_nothing_of_ours_starts_before_the_tables_are_there(services: dict[str, dict[str, Any]]) -> None:
    for name in set(OURS) - {"migrate"}:
        assert services[name]["depends_on"]["migrate"]["condition"] == ONE_SHOT
    assert services["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_every_volume_that_is_used_is_declared_and_the_other_way_round(compose: dict[str, Any]) -> None:
    used = {volume.partition(":")[0] for service in compose["services"].values() for volume in service.get("volumes", [])}
    assert used == set(compose["volumes"])


def test_every_service_tells_its_health_but_the_one_that_ends(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        if service["restart"] == "no":
            assert service["healthcheck"] == {"disable": True}
        else:
            assert service["restart"] == "unless-stopped"
            assert {"test", "interval", "timeout", "retries"} <= set(service["healthcheck"]), name


def test_every_secret_is_a_file_outside_the_history(compose: dict[str, Any]) -> None:
    used = {secret for service in compose["services"].values() for secret in service.get("secrets", [])}
    assert used == set(compose["secrets"])
    assert all(secret["file"].startswith("./var/") for secret in compose["secrets"].values())
    assert "var/" in (ROOT / ".gitignore").read_text(encoding="utf8").split()


def test_no_secret_stands_in_the_environment(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        for key, value in service.get("environment", {}).items():
            if re.search(r"SECRET|PASSWORD|TOKEN|DATABASE_URL", key):
                assert key.endswith("_FILE"), f"{name}: {key}"
            if str(value).startswith("/run/secrets/"):
                assert value.removeprefix("/run/secrets/") in service["secrets"], f"{name}: {key}"
            assert not re.search(r"://[^/\s]*:[^/\s]*@", str(value)), f"{name}: {key} holds a password"


def test_every_setting_is_one_that_the_house_reads(services: dict[str, dict[str, Any]]) -> None:
    settings = (ROOT / "consultant" / "settings.py").read_text(encoding="utf8")
    for name in OURS:
        for key in services[name]["environment"]:
            assert f'"{key}"' in settings or f'"{key.removesuffix("_FILE")}"' in settings, key


#: What the containers settle among themselves, or what is of no use there.
SETTLED_INSIDE = {"CONSULTANT_DATA", "CONSULTANT_DEBUG", "CONSULTANT_HTTP_HOST", "CONSULTANT_HTTP_PORT", "CONSULTANT_LMTP_PORT"}


def test_every_setting_reaches_every_process_of_the_house(services: dict[str, dict[str, Any]]) -> None:
    """An operator who reads of a setting in the README can put it into .env; that it does nothing would be a trap."""
    settings = (ROOT / "consultant" / "settings.py").read_text(encoding="utf8")
    read = set(re.findall(r'"(CONSULTANT_[A-Z_]+|DATABASE_URL)"', settings))
    door = {"CONSULTANT_SMTP_HOST", "CONSULTANT_SMTP_PORT"}
    for name in OURS:
        passed = {key if key in read else key.removesuffix("_FILE") for key in services[name]["environment"]}
        assert read - passed - SETTLED_INSIDE - door == set(), name
    assert door <= set(services["doors"]["environment"])


def test_every_setting_stands_in_the_readme() -> None:
    settings = (ROOT / "consultant" / "settings.py").read_text(encoding="utf8")
    readme = (ROOT / "README.md").read_text(encoding="utf8")
    for name in re.findall(r'"(CONSULTANT_[A-Z_]+)"', settings):
        assert f"`{name}`" in readme or f"`…_{name.removeprefix('CONSULTANT_')}`" in readme, name


def test_every_setting_that_the_mailbox_guide_names_exists() -> None:
    settings = (ROOT / "consultant" / "settings.py").read_text(encoding="utf8")
    guide = (ROOT / "docs" / "mailboxes.md").read_text(encoding="utf8")
    named = set(re.findall(r"CONSULTANT_[A-Z_]+", guide))
    assert {"CONSULTANT_VERP", "CONSULTANT_DKIM_SELECTOR"} <= named
    for name in named:
        assert f'"{name.removesuffix("_FILE")}"' in settings or f'"{name}"' in settings, name


def test_what_the_head_of_the_file_makes_is_what_the_secrets_are_read_from(compose: dict[str, Any]) -> None:
    head = (ROOT / "docker-compose.yml").read_text(encoding="utf8").partition("\nname:")[0]
    for secret in compose["secrets"].values():
        assert re.search(rf"(?:> |touch .*){re.escape(Path(secret['file']).name)}\b", head), secret


def test_a_yes_or_no_that_is_neither_is_refused_and_an_empty_one_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    from consultant.settings import envbool

    for said, meant in (("", True), ("no", False), ("Yes", True), ("off", False)):
        monkeypatch.setenv("CONSULTANT_SENDING", said)
        assert envbool("CONSULTANT_SENDING", True) is meant
    monkeypatch.setenv("CONSULTANT_SENDING", "maybe")
    with pytest.raises(ValueError, match="CONSULTANT_SENDING must be yes or no"):
        envbool("CONSULTANT_SENDING", True)


def test_every_service_has_as_few_rights_as_it_can_do_with(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not {"privileged", "cap_add", "network_mode", "pid"} & set(service), name
        assert name in OURS or service["user"] not in {"root", "0"}, name


def test_doors_open_on_the_loopback_only_unless_the_operator_says_otherwise(services: dict[str, dict[str, Any]]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"], "doors": ["${CONSULTANT_SMTP_PUBLISH:-127.0.0.1:2525}:2525"]}


def test_every_command_exists(services: dict[str, dict[str, Any]]) -> None:
    known = get_commands()
    for name, service in services.items():
        commands = [service.get("command"), service["healthcheck"].get("test")]
        for words in (words_of(command) for command in commands if command):
            assert words[0] in PROGRAMS, f"{name}: {words[0]}"
            for before, word in itertools.pairwise(words):
                assert before != "consultant" or word in known, f"{name}: consultant {word}"


def test_the_worker_and_the_page_that_are_named_can_be_imported(services: dict[str, dict[str, Any]]) -> None:
    import worker
    from consultant.web.wsgi import application

    assert callable(application)
    assert worker.app.main
    assert "consultant.web.wsgi:application" in services["web"]["command"]
    assert [services[name]["command"][:4] for name in ("worker", "beat")] == [
        ["celery", "-A", "worker", name] for name in ("worker", "beat")
    ]


def test_the_image_carries_this_version(services: dict[str, dict[str, Any]]) -> None:
    from consultant import __version__

    assert {services[name]["image"] for name in OURS} == {f"consultant:{__version__}"}


def test_the_image_runs_as_a_user_without_rights(dockerfile: str) -> None:
    last_stage = dockerfile.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (\S+)", last_stage, re.MULTILINE)[-1] == "consultant"
    assert "HEALTHCHECK" in last_stage


def test_the_image_installs_only_what_the_lock_knows_by_hash(dockerfile: str) -> None:
    installs = [line for line in dockerfile.replace("\\\n", " ").splitlines() if "pip install" in line]
    assert len(installs) == 2
    assert all("--require-hashes" in line or ("--no-index" in line and "--no-deps" in line) for line in installs)
    assert "-r requirements/production.lock" in installs[0]


def test_what_the_image_copies_passes_the_dockerignore(dockerfile: str) -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf8").splitlines() if line.startswith("!")}
    copied = {word for line in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE) for word in line.split()}
    assert copied == let_in
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))
    assert project["project"]["readme"] in copied
