"""Official files, spoilt: each must be refused with a sentence, or read with its bad rows rejected, and never change the shelf
when it is refused."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from consultant.codebook import shelf
from consultant.codebook.sources.files import Unreadable

LARGEST = 4_000_000  # bytes of a file that is spoilt: reading the large ones again and again would take minutes


def _swapped(raw: bytes) -> bytes:
    """The first two columns of every line, swapped."""
    mark = next((mark for mark in (b"\t", b",") if mark in raw), b" ")
    lines = [line.split(mark, 2) for line in raw.splitlines()]
    return b"\n".join(mark.join([line[1], line[0], *line[2:]]) if len(line) > 2 else mark.join(line) for line in lines)


def _zip(name: str, raw: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, raw)
    return held.getvalue()


_ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
_BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{_ENTITIES}]><x>&a9;</x>'.encode()
SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "cut in half": lambda raw: raw[: len(raw) // 2],
    "empty": lambda raw: raw[:0],
    "UTF-16": lambda raw: raw.decode("latin-1").encode("utf-16"),
    "bytes turned": lambda raw: raw[::-1],
    "columns swapped": _swapped,
    "noughts in it": lambda raw: raw[:500] + b"\0" * 200 + raw[500:],
    "climbing out of a zip": lambda raw: _zip("../../escaped.txt", raw),
}
ONCE = {"bomb.zip": _zip("x.txt", b"\0" * 300_000_000), "bomb.xml": _BOMB}


def fuzzed(official: Path) -> None:
    """Prints how many spoilt files were refused, read, or brought something down (which is a fault), by how they were spoilt."""
    files = [path for path in sorted(official.rglob("*")) if path.is_file() and path.stat().st_size < LARGEST]
    files = [path for path in files if path.suffix.lower() in {".txt", ".csv", ".xml", ".xlsx", ".zip"}]
    found: dict[str, Counter[str]] = {how: Counter() for how in (*SPOILT, *ONCE)}
    with tempfile.TemporaryDirectory() as folder:
        for path in files[::3]:  # a third of them is enough to see, and takes a minute less
            for how, spoil in SPOILT.items():
                found[how][_added(Path(folder), path.name, spoil(path.read_bytes()))] += 1
        for how, raw in ONCE.items():
            found[how][_added(Path(folder), how, raw)] += 1
        escaped = [*Path(folder).parent.glob("escaped.txt")]
    for how, counts in found.items():
        print(f"spoilt, {how:22} {', '.join(f'{what} {times}' for what, times in sorted(counts.items()))}")
    print(f"written outside of the shelf: {len(escaped)}")


def _added(data: Path, name: str, raw: bytes) -> str:
    file = data / name
    file.write_bytes(raw)
    before = shelf.kept(data)
    try:
        shelf.add(data, file)
    except Unreadable:
        return "refused" if shelf.kept(data) == before else "REFUSED, BUT KEPT"
    except Exception as fault:  # noqa: BLE001 - to be printed as a fault
        print(f"FAULT in {name}: {fault!r}")
        return "FAULT"
    finally:
        file.unlink()
    return "read"
