// Runs the steps of a walk in Chromium, and reports each of them as a line of JSON.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LIMIT = 60_000; // milliseconds for one thing on the page, which takes far less unless the cores are busy

/** What the walk was given on standard input. */
export const given = JSON.parse(readFileSync(0, "utf8"));

export const browser = await chromium.launch({ executablePath: given.Chromium, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

const complaints = [];
let notes = [];

/** Opens a page in a context of its own. Whatever the browser complains of is a fault of the step. */
export async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, colorScheme: "light", acceptDownloads: true, ...options });
  context.setDefaultTimeout(LIMIT);
  const page = await context.newPage();
  page.on("pageerror", (fault) => complaints.push(`fault in the page: ${fault.stack}`));
  page.on("console", (line) => {
    // The browser itself logs answers with an error status, which a refusal is; everything else is ours.
    if (["error", "warning"].includes(line.type()) && !/^Failed to load resource: the server responded with a status of (400|401|403|404|409|422|429)/.test(line.text())) {
      complaints.push(`${line.type()} on the console: ${line.text()} ${line.location().url}`);
    }
  });
  page.on("dialog", (dialog) => { complaints.push(`a dialog appeared: ${dialog.message()}`); dialog.dismiss(); });
  return page;
}

/** Runs a step. A fault ends the step and not the walk. */
export async function step(name, run) {
  notes = [];
  let fault = null;
  try {
    await run();
  } catch (thrown) {
    fault = thrown.stack ?? String(thrown);
  }

  if (complaints.length > 0) {
    fault = [fault, ...complaints].filter(Boolean).join("\n");
    complaints.length = 0;
  }

  console.log(JSON.stringify({ Step: name, Fault: fault, Notes: notes }));
}

/** Adds a line to the report of the running step. */
export function note(text) {
  notes.push(text);
}

/** Ends the walk. */
export async function end() {
  await browser.close();
}

/** Fails the step unless something is so. */
export function check(holds, text) {
  if (!holds) {
    throw new Error(text);
  }
}

/** Fails the step unless two things are equal. */
export function same(actual, expected, what) {
  check(JSON.stringify(actual) === JSON.stringify(expected), `${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`);
}

/** Goes to a view and waits until it is there. */
export async function visit(page, hash) {
  await page.goto(given.Url + hash);
  await settled(page);
}

/** Waits until nothing is on its way any more. */
export async function settled(page) {
  await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); })); // what a new address starts has begun
  await page.waitForFunction(() => document.querySelector("main h1") && !document.querySelector("main .loading, main [aria-busy]"), undefined, { timeout: LIMIT });
}

/** Signs in by a token. */
export async function signIn(page, token) {
  await visit(page, "#/sign-in");
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  await settled(page);
}

/** Fails the step unless axe-core finds nothing. */
export async function accessible(page, what) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  check(violations.length === 0, violations.map((one) =>
    `${what}: ${one.id}, ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")}`).join("\n"));
}

/** The texts of the cells of a column, by its title. */
export async function column(page, title) {
  return page.locator(`main tbody td[data-label="${title}"]`).evaluateAll((cells) => cells.map((cell) => cell.innerText.trim()));
}

/** Runs openssl, or a line of a shell, in the folder of downloads; returns what it wrote. */
export function run(program, ...options) {
  return execFileSync(program, options, { cwd: given.Folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs it although it fails; returns whether it succeeded and all that it wrote. */
export function judge(program, ...options) {
  try {
    return { succeeded: true, text: run(program, ...options) };
  } catch (fault) {
    return { succeeded: false, text: `${fault.stdout}${fault.stderr}` };
  }
}

/** Clicks, and saves what is downloaded into the folder of the walk. */
export async function download(page, locator) {
  const [saved] = await Promise.all([page.waitForEvent("download"), locator.click()]);
  const name = saved.suggestedFilename();
  await saved.saveAs(`${given.Folder}/${name}`);
  return name;
}
