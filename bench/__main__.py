"""`./run bench [NAME …]`: all benchmarks, or those named. `./run bench --list` names them."""

import importlib
import pkgutil
import sys

import bench


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if not module.name.startswith("_"))


def main(wanted: list[str]) -> int:
    if wanted == ["--list"]:
        print("\n".join(names()))
        return 0
    if unknown := [name for name in wanted if name not in names()]:
        print(f"There is no benchmark {unknown[0]}. There are: {', '.join(names())}", file=sys.stderr)
        return 2
    for name in wanted or names():
        module = importlib.import_module(f"bench.{name}")
        print(f"== {name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        module.main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
