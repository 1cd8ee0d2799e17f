// Everything without a mouse: the skip link, the ways, a search, a certificate, a revocation.

import { check, end, given, open, same, settled, step } from "../walking.mjs";

const page = await open();
const MOST = 60; // presses of Tab until something must have the focus

await step("The first stop is a link that skips to the content", async () => {
  await page.goto(given.Url);
  await settled(page);
  await page.keyboard.press("Tab");
  same(await focused(), "Skip to the content", "first stop");
  check(await page.locator("#skip").evaluate((link) => link.getBoundingClientRect().top >= 0), "the link is not seen");
  await page.keyboard.press("Enter");
  same(await page.evaluate(() => document.activeElement.id), "main", "focus");
});

await step("Signing in takes a token and Enter", async () => {
  await reach("Token");
  await page.keyboard.type(given.Token);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  await settled(page);
});

await step("A way leads to its view, and the focus goes to the heading", async () => {
  await page.keyboard.press("Control+Home");
  await page.evaluate(() => document.activeElement.blur());
  await reach("Certificates");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Certificates", level: 1 }).waitFor();
  await settled(page);
  same(await page.evaluate(() => document.activeElement.tagName), "H1", "focus");
});

await step("A search is typed and its result opened", async () => {
  await reach("Search");
  await page.keyboard.type(given.Name);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("main tbody tr").length === 1);
  await settled(page);
  await reach(given.Name);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: given.Name, level: 1 }).waitFor();
  await settled(page);
});

await step("Everything that has the focus shows it", async () => {
  const without = [];
  for (let press = 0; press < MOST; press += 1) {
    await page.keyboard.press("Tab");
    const [name, width] = await page.evaluate(() => [document.activeElement.innerText || document.activeElement.tagName,
      document.activeElement === document.body ? 1 : Number.parseFloat(getComputedStyle(document.activeElement).outlineWidth)]);
    if (!(width > 0)) {
      without.push(name);
    }
  }

  same(without, [], "without a visible focus");
});

await step("A certificate is revoked", async () => {
  await page.evaluate(() => document.querySelector("h1").focus());
  await reach("Revoke this certificate …");
  await page.keyboard.press("Enter");
  same(await page.evaluate(() => document.activeElement.name), "reason", "focus");
  await page.keyboard.press("Tab");
  await page.keyboard.type(given.Name);
  await page.keyboard.press("Enter");
  await page.getByText(/Revoked since/).waitFor();
  same(await focused(), "Show it as it is now", "focus");
});

await end();

/** Presses Tab until something of a name has the focus. */
async function reach(name) {
  for (let press = 0; press < MOST; press += 1) {
    await page.keyboard.press("Tab");
    if (await focused() === name) {
      return;
    }
  }

  throw new Error(`'${name}' is not reached by ${MOST} presses of Tab`);
}

function focused() {
  return page.evaluate(() => (document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText ?? "").split("\n")[0].trim());
}
