"""Run a benchmark: ``python -m benchmarks [NAME | all]``; alone it lists them.

A benchmark is a module of this package with a docstring and ``run(watch)``. The figures are printed and kept
as JSON in ``benchmarks/results/`` (not in version control), with the machine they were taken on.
"""

import ast
import datetime as dt
import importlib
import json
import os
import platform
import sys
from pathlib import Path

from benchmarks.measuring import Figure, Stopwatch

RESULTS = Path(__file__).parent / "results"


def found() -> dict[str, str]:
    """Return the benchmarks in the alphabet's order, name → what it measures; none of them is imported."""
    known = {}
    for path in sorted(Path(__file__).parent.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.FunctionDef) and node.name == "run" for node in tree.body):
            known[path.stem] = (ast.get_docstring(tree) or "").partition("\n")[0]
    return known


def measure(name: str, words: str) -> None:
    """Take one benchmark: print its figures and keep them."""
    print(f"\n{name}: {words}")
    watch = Stopwatch()
    importlib.import_module(f"benchmarks.{name}").run(watch)
    print(f"  {'':<44}{'median':>10}{'p95':>10}{'most':>10}{'runs':>7}")
    for figure in watch.figures:
        spread = (figure.median, figure.percentile(0.95), max(figure.values))
        numbers = "".join(f"{value:>10.2f}" for value in spread)
        print(f"  {figure.name:<38}{figure.unit:>6}{numbers}{len(figure.values):>7}")
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(record(watch.figures), indent=2, ensure_ascii=False), encoding="utf-8")


def record(figures: list[Figure]) -> dict[str, object]:
    """Return the figures as JSON keeps them."""
    return {
        "taken": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "load": os.getloadavg()[0],
        "figures": [
            {
                "name": figure.name,
                "unit": figure.unit,
                "runs": len(figure.values),
                "least": min(figure.values),
                "median": figure.median,
                "p95": figure.percentile(0.95),
                "most": max(figure.values),
            }
            for figure in figures
        ],
    }


def main(arguments: list[str]) -> int:
    """List the benchmarks, or take those that are named."""
    known = found()
    if not arguments:
        print("What can be measured (./dev bench NAME, or all):\n")
        for name, words in known.items():
            print(f"  {name:<16}{words}")
        return 0
    names = list(known) if arguments == ["all"] else arguments
    for name in names:
        if name not in known:
            print(f"There is no benchmark {name!r}; there are: {', '.join(known)}.", file=sys.stderr)
            return 2
    for name in names:
        measure(name, known[name])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
