// Reads JUnit files with junit2json and compares what it counts with what is expected.
import { readFileSync } from "node:fs";
import { parse } from "junit2json";

for (const line of readFileSync(process.argv[2], "utf8").trimEnd().split("\n")) {
  const [path, , ...counts] = line.split("\t");
  const expected = counts.map(Number);
  const report = await parse(readFileSync(path, "utf8"));
  const suites = report.testsuite ?? [];
  const cases = suites.flatMap((suite) => suite.testcase ?? []);
  const having = (result) => cases.filter((test) => test[result]?.length).length;
  const found = [cases.length, having("failure"), having("error"), having("skipped")];
  const said = ["tests", "failures", "errors", "skipped"].map((name) =>
    suites.reduce((sum, suite) => sum + suite[name], 0),
  );
  for (const [what, numbers] of [["test cases", found], ["the suites say", said]]) {
    if (numbers.some((n, at) => n !== expected[at])) {
      console.error(`${path}: ${what}: ${numbers}, not ${expected}`);
      process.exit(1);
    }
  }
  // The root speaks for the whole file.
  if (report.tests !== expected[0] || report.failures !== expected[1] || report.errors !== expected[2]) {
    console.error(`${path}: the root says ${report.tests}, ${report.failures}, ${report.errors}, not ${expected}`);
    process.exit(1);
  }
}
