"""What stands in the book of all official files, beside what the files say of themselves (`shared/codes/FORMATS.md`)."""

from __future__ import annotations

from pathlib import Path

from consultant.codebook import Codebook, shelf

#: Rows by the files themselves, each with a query of the book.
ROWS = {
    "ICD-10-PCS 2025, codes": (
        78_948,
        "SELECT count(*) FROM code WHERE source = 'icd10pcs-tables-2025' AND kind = 'code' AND billable",
    ),
    "PTP, practitioner 2024 Q3": (2_546_017, "SELECT count(*) FROM ptp"),
    "MUE, practitioner 2024 Q3": (14_677, "SELECT count(*) FROM mue WHERE source = 'ncci-mue-practitioner-2024-07-01'"),
    "MUE, outpatient 2024 Q3": (14_628, "SELECT count(*) FROM mue WHERE source = 'ncci-mue-outpatient-2024-07-01'"),
    "MUE, DME 2024 Q3": (2_928, "SELECT count(*) FROM mue WHERE source = 'ncci-mue-dme-2024-07-01'"),
    "add-on pairs": (7_465, "SELECT count(*) FROM addon_pair"),
    "ICD-10-CM April 2026, billable": (74_719, "SELECT codes FROM source WHERE id = 'icd10cm'"),
}
#: Rows by the files themselves, each with the kind of its piece on the shelf.
READ = {
    "ICD-10-CM 2021, order lines": (95_358, "icd10cm-order"),
    "PPRRVU October 2025": (19_090, "pfs"),
    "GEM ICD-9 to ICD-10": (24_860, "gem-icd9-icd10"),
    "GEM ICD-10 to ICD-9": (81_593, "gem-icd10-icd9"),
}


def counts(data: Path, opened: Codebook) -> None:
    """Prints each count with the one that is expected, and the rows that were rejected, file by file."""
    files = shelf.kept(data)
    for name, (expected, sql) in ROWS.items():
        ((found,),) = opened._rows(sql)
        _told(name, expected, found)
    for name, (expected, kind) in READ.items():
        found = {rows for one in files for _, of, rows in one.pieces if of == kind}
        _told(name, expected, expected if expected in found else max(found, default=0))
    rejected = [f"{one.name}: {one.rejects}" for one in files if one.rejects]
    print(f"rejected rows: {'; '.join(rejected) or 'none'}, of {sum(one.rows for one in files):,} in {len(files)} files")
    for one, piece, rows in shelf.excerpts(files):
        print(f"an excerpt, not taken for a release: {one.name} ({piece}, {rows} rows)")


def _told(name: str, expected: int, found: int) -> None:
    print(f"{name:32} {found:>10,}  {'as the file says' if found == expected else f'but the file says {expected:,}'}")
