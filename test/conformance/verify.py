#!/usr/bin/env python3
"""Holds the second implementation against every vector: a line for each file, then `N passed, N failed`.

    python3 test/conformance/verify.py [--vectors DIR] [--only NAME] [--json] [--mutations]
"""

import argparse
import importlib
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)


def verify_file(folder, name, checks):
    """Passed, and what failed in words."""
    with open(os.path.join(folder, name + ".json"), encoding="utf-8") as file:
        content = {**json.load(file), "folder": folder}
    check = checks.CHECKS.get(name)
    if check is None:
        return 0, [f"{name}: nothing here checks such vectors"]
    passed, failures = 0, []
    for index, vector in enumerate(content["vectors"]):
        try:
            complaint = check(vector, content)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is a vector that failed
            complaint = f"{type(error).__name__}: {error}"
        if complaint is None:
            passed += 1
        else:
            title = vector.get("name", f"vector {index + 1}")
            failures.append(f"{name}: {title}: {complaint}")
    if passed + len(failures) == 0:
        failures.append(f"{name}: the file holds no vector")
    return passed, failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vectors", default=os.path.join(HERE, "..", "..", "protocol", "vectors"))
    parser.add_argument("--only", action="append", help="one file by its name without .json")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    parser.add_argument("--mutations", action="store_true", help="plant mistakes in this implementation; each must be found")
    options = parser.parse_args()
    if options.mutations:
        return importlib.import_module("mutations").run(options.vectors, verify_file, options.json)
    checks = importlib.import_module("gruppetto.checks")
    names = options.only or sorted(n[:-5] for n in os.listdir(options.vectors) if n.endswith(".json"))
    files, failed = [], 0
    for name in names:
        passed, failures = verify_file(options.vectors, name, checks)
        failed += len(failures)
        files.append({"name": name, "passed": passed, "failed": len(failures), "failures": failures[:3]})
        if not options.json:
            print(f"{name}: {passed} passed, {len(failures)} failed")
            for failure in failures[:3]:
                print(f"  {failure}")
    if options.json:
        print(json.dumps({"files": files}))
    else:
        print(f"{sum(f['passed'] for f in files)} passed, {failed} failed")
    return 0 if failed == 0 and files else 1


if __name__ == "__main__":
    sys.exit(main())
