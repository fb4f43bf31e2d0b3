"""The official files that a book can be built from, one module each."""

from functools import cache
from importlib import import_module

from consultant.codebook.sources.files import Kind

#: Modules with KINDS, TABLES and INDEXES. The order decides where two kinds could know the same piece.
MODULES = (
    "icd10cm_order",
    "icd10cm_index",
    "icd10cm_tables",
    "icd10pcs",
    "hcpcs",
    "hcpcs_changes",
    "ncci_ptp",
    "ncci_mue",
    "ncci_addon",
    "pfs",
    "pfs_places",
    "mcd",
    "crosswalks",
    "pos",
    "cpt",
)


@cache
def all_kinds() -> tuple[Kind, ...]:
    """Every kind of source that can be read."""
    return tuple(kind for module in MODULES for kind in import_module(f"{__name__}.{module}").KINDS)


def ddl(part: str) -> str:
    """The statements of the modules that have any, each ended by a semicolon: `part` is "TABLES" or "INDEXES"."""
    found = (getattr(import_module(f"{__name__}.{module}"), part, "") for module in MODULES)
    return "\n".join(statements if isinstance(statements, str) else ";\n".join(statements) + ";" for statements in found)
