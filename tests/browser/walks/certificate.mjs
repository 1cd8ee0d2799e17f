// Somebody signs in by a client certificate of this CA, over TLS.

import { check, end, given, open, same, settled, step, visit } from "../walking.mjs";

const trusting = { ignoreHTTPSErrors: true }; // Chromium's own store has no root of ours; openssl judges the chain elsewhere
const page = await open({ ...trusting, clientCertificates: [{ origin: given.Url.replace(/\/$/, ""), certPath: given.Certificate, keyPath: given.Key }] });

await step("A client certificate alone opens nothing: one has to sign in", async () => {
  await visit(page, "#/overview");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  same(await page.evaluate(async () => (await fetch("api/v1/authorities")).status), 401, "status of a call");
});

await step("A client certificate signs in, with the level that the operator gave it", async () => {
  await page.getByRole("button", { name: "Use my client certificate" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  await settled(page);
  const who = await page.locator(".who").innerText();
  check(who.includes(given.Name) && who.includes("operate"), `it says: ${who}`);
  const [cookie] = await page.context().cookies();
  check(cookie.secure && cookie.name.startsWith("__Host-"), "the cookie may leave TLS");
});

await step("It may revoke, and signs out", async () => {
  await visit(page, `#/certificates/${given.Serial}`);
  await page.getByRole("button", { name: /Revoke this certificate/ }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

await step("Without a certificate the button says what is missing", async () => {
  const bare = await open(trusting);
  await visit(bare, "#/overview");
  await bare.getByRole("button", { name: "Use my client certificate" }).click();
  await bare.locator(".note.bad", { hasText: "client certificate" }).waitFor();
});

await end();
