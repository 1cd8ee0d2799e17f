// A CA with 100,000 certificates. How long the calls take is printed, not judged: it depends on the machine.

import { check, column, end, given, note, open, same, settled, step, visit } from "../walking.mjs";

const page = await open();
const times = [];
page.on("requestfinished", async (request) => {
  const { pathname, search } = new URL(request.url());
  if (pathname.includes("/api/v1/")) {
    times.push([request.timing().responseEnd, `${pathname}${search}`]);
  }
});

const LISTS = ["#/certificates", "#/certificates?sort=expiry", "#/certificates?sort=issued", "#/certificates?name=host99999", "#/certificates?name=host5&sort=expiry",
  "#/certificates?san=*.example.com", "#/certificates?purpose=client&sort=expiry", "#/certificates?status=valid&expires_within=30d&sort=expiry", "#/certificates?status=expired",
  `#/certificates?issuer=${given.Issuing}`, "#/revocations", "#/history", "#/history?name=host500.example.com", "#/certificates/142724769270595988105828596850000"];

await step("The overview of 100,000 certificates is drawn", async () => {
  await visit(page, "#/overview");
  check(Number((await page.locator(".tile-number").first().innerText()).replaceAll(",", "")) > 90_000, "they are not counted");
  check(await page.locator(".weeks a").count() > 20, "the timeline is empty");
});

await step("Lists, pages, searches and filters of 100,000 certificates work", async () => {
  for (const hash of LISTS) {
    await visit(page, hash);
    check(await page.locator("main tbody tr, main .empty").count() > 0, `${hash} shows nothing`);
  }

  await visit(page, "#/certificates");
  const names = await column(page, "Common name");
  same(names.length, 50, "lines of a page");
  for (const number of [2, 3, 4]) {
    await page.getByRole("link", { name: "Next" }).click();
    await page.getByText(`Page ${number} of 2,0`).waitFor();
    await settled(page);
    names.push(...await column(page, "Common name"));
  }

  same(new Set(names).size, 200, "different names on four pages");
});

await step("The slowest calls, the first time and the second time", async () => {
  report("first", times.splice(0));
  for (const hash of ["#/overview", ...LISTS]) {
    await visit(page, hash);
  }

  check(times.length > 15, "no calls were measured");
  report("second", times);
});

await end();

// The first time the program compiles itself and reads its files.
function report(which, measured) {
  measured.sort(([one], [other]) => other - one);
  for (const [milliseconds, call] of measured.slice(0, 8)) {
    note(`${which}: ${milliseconds.toFixed(0)} ms  ${call}`);
  }

  note(`${which}: ${measured.length} calls, half of them within ${measured[Math.floor(measured.length / 2)][0].toFixed(0)} ms`);
}
