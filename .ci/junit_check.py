"""Reads JUnit files with junitparser and compares what it counts with what is expected."""

import sys
from junitparser import Error, Failure, JUnitXml, Skipped


def results(cases, kind):
    return sum(any(isinstance(result, kind) for result in case.result) for case in cases)


def check(line):
    path, _profile, *expected = line.rstrip("\n").split("\t")
    expected = [int(count) for count in expected]
    report = JUnitXml.fromfile(path)
    suites = list(report)
    cases = [case for suite in suites for case in suite]
    found = [len(cases)] + [results(cases, kind) for kind in (Failure, Error, Skipped)]
    assert found == expected, f"{path}: {found} test cases, not {expected}"
    said = [sum(getattr(suite, name) for suite in suites) for name in ("tests", "failures", "errors", "skipped")]
    assert said == expected, f"{path}: the suites say {said}, not {expected}"
    names = [(case.classname, case.name) for case in cases]
    assert len(set(names)) == len(names), f"{path}: names are not unique"
    for case in cases:
        assert case.time is not None and case.time >= 0, f"{path}: {case.name} has no time"
        for result in case.result:
            assert result.message, f"{path}: {case.name} has a result without a message"


for line in open(sys.argv[1], encoding="utf-8"):
    check(line)
