"""Loaded before the settings (`-p tests.house`): gives every test process a data folder of its own, and one codebook for all.

The casebook of a test is Django's test database; only the codebook, the outbox and the secret key live in the folder.
Where files are handed to several workers, those that take longest go first, so that at the end no worker waits for one of them.
"""

import atexit
import os
import shutil
import tempfile

import pytest

if "CONSULTANT_TEST_DATA" not in os.environ:  # xdist's workers inherit it
    os.environ["CONSULTANT_TEST_DATA"] = tempfile.mkdtemp(prefix="consultant-test-")
    atexit.register(shutil.rmtree, os.environ["CONSULTANT_TEST_DATA"], ignore_errors=True)

OURS = {"CONSULTANT_TEST_DATA", "CONSULTANT_FAULT_LETTERS"}  # of the tests themselves
for name in [name for name in os.environ if name.startswith("CONSULTANT_") and name not in OURS]:
    del os.environ[name]
os.environ["CONSULTANT_DATA"] = os.environ["CONSULTANT_TEST_DATA"]
os.environ["CONSULTANT_UNDO_SECONDS"] = "0"  # who tests the time for second thoughts sets it
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultant.settings")

#: Half a minute and more each; all others together take about as long as these.
LONGEST = [
    f"test_{name}.py"
    for name in ("examples", "faults", "official", "production", "doors_together", "faults_of_the_machine", "demo")
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
