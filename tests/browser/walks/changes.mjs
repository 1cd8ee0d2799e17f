// The operator signs in by a token, revokes, and signs out; somebody with the level request may not.

import { check, column, download, end, given, judge, open, same, settled, signIn, step, visit } from "../walking.mjs";

const page = await open();

await step("Without a session the page asks to sign in and shows nothing", async () => {
  await visit(page, "#/certificates");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  same(await page.locator("table").count(), 0, "tables");
  same(await page.locator("nav").count(), 0, "ways to views");
});

await step("A wrong or an empty token is refused with what to do", async () => {
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("Write the token here.").waitFor();
  await page.getByLabel("Token").fill("wrong");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.locator(".note.bad").waitFor();
  check(await page.evaluate(() => document.activeElement.name) === "token", "the focus is not back in the field");
});

await step("A token signs in, and the view is the one that was asked for", async () => {
  await page.getByLabel("Token").fill(given.Token);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Certificates", level: 1 }).waitFor();
  await settled(page);
  check((await page.locator(".who").innerText()).includes("operate"), "the level is not shown");
  const [cookie] = await page.context().cookies();
  check(cookie.httpOnly && cookie.sameSite === "Strict", "the cookie can be read by scripts or sent by other sites");
  same(await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]), ["", 0, 0], "what scripts can read");
});

await step("Revoking wants the name typed", async () => {
  await visit(page, `#/certificates/${given.Serial}`);
  await page.getByRole("button", { name: /Revoke this certificate/ }).click();
  await page.getByLabel("Reason").selectOption("keyCompromise");
  await page.getByLabel(/Type .* to confirm/).fill("another");
  await page.getByRole("button", { name: "Revoke for good" }).click();
  await page.getByText("This is not its name.").waitFor();
});

await step("A certificate is revoked and its CRL says so to openssl", async () => {
  await page.getByLabel(/Type .* to confirm/).fill(given.Name);
  await page.getByRole("button", { name: "Revoke for good" }).click();
  await page.getByText(/Revoked since .* reason: keyCompromise/).waitFor();
  await page.getByRole("button", { name: "Show it as it is now" }).click();
  await page.locator(".summary .badge.bad").waitFor();
  await settled(page);
  await download(page, page.getByRole("link", { name: "PEM", exact: true }));
  for (const file of [given.Bundle, `${given.Issuing}.crl.pem`, `${given.Root}.crl.pem`]) {
    await download(page, page.locator(".panel", { hasText: "Check it with openssl" }).getByRole("link", { name: file }));
  }

  const { succeeded, text } = judge("sh", "-c", await page.getByRole("region", { name: "Lines for openssl" }).innerText());
  check(!succeeded && text.includes("certificate revoked"), `openssl says: ${text}`);
});

await step("The list of revocations and the history have it, with who did it", async () => {
  await visit(page, "#/revocations");
  same(await column(page, "Common name"), [given.Name], "names");
  await visit(page, `#/history?name=${given.Name}`);
  check((await column(page, "By"))[0].includes("token"), "nobody knows who did it");
});

await step("Signing out ends the session on the server, too", async () => {
  const [cookie] = await page.context().cookies();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.context().addCookies([cookie]);
  await visit(page, "#/certificates");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.context().clearCookies();
});

await step("A session that ends meanwhile leads to the sign-in, and then to the view that was wanted", async () => {
  await signIn(page, given.Token);
  await page.context().clearCookies();
  await page.getByRole("link", { name: "Revocations" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByLabel("Token").fill(given.Token);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Revocations" }).waitFor();
});

await step("With the level request one reads everything and revokes nothing", async () => {
  const other = await open();
  await signIn(other, given.RequestToken);
  await visit(other, `#/certificates/${given.OtherSerial}`);
  await other.getByText("To revoke certificates you need the level operate; you have the level request.").waitFor();
  same(await other.getByRole("button", { name: /Revoke/ }).count(), 0, "buttons that revoke");
  const status = await other.evaluate(async (serial) => (await fetch("api/v1/revocations",
    { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ SerialNumber: serial }) })).status, given.OtherSerial);
  same(status, 403, "status of a revocation all the same");
  await other.context().close();
});

await end();
