// Every view in both schemes, on a desk and on a phone: axe-core finds nothing, and nothing is wider than the window.

import { accessible, check, end, given, open, same, signIn, step, visit } from "../walking.mjs";

const VIEWS = {
  overview: "#/overview",
  certificates: "#/certificates",
  "no result": "#/certificates?name=nobody",
  certificate: `#/certificates/${given.Serial}`,
  "a revoked one": `#/certificates/${given.RevokedSerial}`,
  "a very long name": `#/certificates/${given.LongSerial}`,
  "a CA": `#/certificates/${given.RootSerial}`,
  revocations: "#/revocations",
  history: "#/history",
  files: "#/files",
  request: "#/request",
  "no such view": "#/nowhere",
};

await step("Every view is accessible and fits, light on a desk", () => look("light", 1280));
await step("Every view is accessible and fits, dark on a desk", () => look("dark", 1280));
await step("Every view is accessible and fits, light on a phone", () => look("light", 360));
await step("Every view is accessible and fits, dark on a phone", () => look("dark", 360));

await step("The form of a request is accessible while it shows what is wrong", async () => {
  const page = await open({ viewport: { width: 360, height: 800 } });
  await signIn(page, given.Token);
  await visit(page, "#/request");
  await page.getByRole("button", { name: "Add a name" }).click();
  await page.getByRole("button", { name: "See it before it is signed" }).click();
  await page.getByText("Write a common name.").waitFor();
  await accessible(page, "wrong form");
  await page.getByLabel("Common name", { exact: true }).fill("looks.example.com");
  await page.getByRole("button", { name: "See it before it is signed" }).click();
  await page.getByRole("heading", { name: "This would be issued" }).waitFor();
  await accessible(page, "preview");
});

await step("Who wants less motion gets none", async () => {
  const page = await open({ reducedMotion: "reduce" });
  await signIn(page, given.Token);
  await visit(page, "#/overview");
  const moving = await page.evaluate(() => document.getAnimations().length);
  same(moving, 0, "animations");
});

await step("On paper only the content is left", async () => {
  const page = await open();
  await signIn(page, given.Token);
  await visit(page, `#/certificates/${given.Serial}`);
  await page.emulateMedia({ media: "print" });
  same(await page.locator("nav:visible, .copy:visible, .button:visible").count(), 0, "controls");
  check(await page.locator(".facts").first().isVisible(), "the facts are gone");
});

await end();

async function look(colorScheme, width) {
  const page = await open({ colorScheme, viewport: { width, height: 800 } });
  await visit(page, "#/overview");
  await accessible(page, "sign in");
  await signIn(page, given.Token);
  for (const [view, hash] of Object.entries(VIEWS)) {
    await visit(page, hash);
    for (const summary of await page.locator("summary").all()) {
      await summary.click();
    }

    await accessible(page, view);
    const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    check(wide <= window, `${view}: ${wide} pixels wide in a window of ${window}`);
    same(await page.locator("table:not([role=table]), tbody tr:not([role=row]), tbody td:not([role=cell])").count(), 0, "parts of tables without their role");
  }

  await page.context().close();
}
