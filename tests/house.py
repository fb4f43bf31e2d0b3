"""Loaded before the settings (`-p tests.house`): gives every test process a data folder of its own, and one codebook for all.

The casebook of a test is Django's test database; only the codebook, the outbox and the secret key live in the folder.
"""

import atexit
import os
import shutil
import tempfile

if "CONSULTANT_TEST_DATA" not in os.environ:  # xdist's workers inherit it
    os.environ["CONSULTANT_TEST_DATA"] = tempfile.mkdtemp(prefix="consultant-test-")
    atexit.register(shutil.rmtree, os.environ["CONSULTANT_TEST_DATA"], ignore_errors=True)

OURS = {"CONSULTANT_TEST_DATA", "CONSULTANT_FAULT_LETTERS"}  # of the tests themselves
for name in [name for name in os.environ if name.startswith("CONSULTANT_") and name not in OURS]:
    del os.environ[name]
os.environ["CONSULTANT_DATA"] = os.environ["CONSULTANT_TEST_DATA"]
os.environ["CONSULTANT_UNDO_SECONDS"] = "0"  # who tests the time for second thoughts sets it
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultant.settings")
