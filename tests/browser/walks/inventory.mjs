// Somebody without credentials looks at a CA with 130 certificates, on the machine of the server.

import { check, column, end, given, open, same, settled, step, visit } from "../walking.mjs";

const page = await open();

await step("The overview shows the hierarchy with fingerprints, lives and CRLs", async () => {
  await visit(page, "");
  const cards = page.locator(".ca-card");
  same(await cards.count(), 2, "CAs");
  check(await page.locator(".tree > li > .ca-card h3").innerText() === given.Root, "the root is not on top");
  check(await page.locator(".tree > li > ul > li > .ca-card h3").innerText() === given.Issuing, "the issuing CA is not below the root");
  const root = (await cards.first().innerText()).replace(/\s/g, "");
  check(root.includes(given.RootSha256), "the fingerprint of the root is not there");
  check(/days left, \d+ % of its life is over/.test(await cards.first().innerText()), "the life of the root is not there");
  check(/Number \d+, made .*, \d+ entr(y|ies), .*; next update by \d{4}-/.test((await cards.last().innerText()).replace(/\s+/g, " ")), "the CRL is not there");
});

await step("The overview counts certificates, and each number leads to its list", async () => {
  const tile = page.locator(".tile", { hasText: "Expire within 4 weeks" });
  const number = Number(await tile.locator(".tile-number").innerText());
  check(number > 0, "nothing expires within 4 weeks");
  await tile.click();
  await page.getByRole("heading", { name: "Certificates", level: 1 }).waitFor();
  await settled(page);
  check((await page.locator(".found").innerText()).startsWith(`${number} certificate`), "the list has another number");
});

await step("Each week of the timeline leads to all certificates that expire in it", async () => {
  for (let index = 0; index < 8; index++) { // some of them expire on the last day of their week
    await visit(page, "#/overview");
    const week = page.locator(".weeks a").nth(index);
    const words = await week.locator(".quiet").innerText();
    const [, from, count] = /from (\S+): (\d+)/.exec(words);
    await week.click();
    await page.locator(".chip").waitFor();
    await settled(page);
    const found = await page.locator(".found").innerText();
    check(found.startsWith(`${count} certificate`), `the list of ${from} does not have ${count}, but ${found}`);
    const dates = await column(page, "Expires");
    check(dates.every((date) => date.slice(0, 10) >= from && Date.parse(date.slice(0, 10)) < Date.parse(from) + 7 * 86_400_000), `dates outside of the week: ${dates}`);
  }
});

await step("A search finds a part of a name while it is typed", async () => {
  await visit(page, "#/certificates");
  await page.getByLabel("Search", { exact: true }).pressSequentially("HOST12.");
  await page.waitForFunction(() => location.hash.includes("name=HOST12"));
  await page.waitForFunction(() => document.querySelectorAll("main tbody tr").length === 1);
  same(await column(page, "Common name"), ["host12.example.com"], "names");
  check(await page.evaluate(() => document.activeElement.name) === "name", "the focus has left the field");
});

await step("A search without a result says so and offers a way back", async () => {
  await visit(page, "#/certificates?name=nobody");
  await page.getByText("No certificate passes these filters").waitFor();
  await page.getByRole("link", { name: "Show all" }).click();
  await page.locator("main tbody tr").first().waitFor();
});

await step("Filters are in the address, and the address restores them", async () => {
  await visit(page, "#/certificates");
  await page.getByLabel("Status").selectOption("revoked");
  await page.waitForFunction(() => location.hash.includes("status=revoked"));
  await settled(page);
  check((await column(page, "Status")).every((status) => status.endsWith("Revoked")), "others are in the list");
  await page.reload();
  await settled(page);
  same(await page.getByLabel("Status").inputValue(), "revoked", "filter");
  await page.goBack();
  await page.waitForFunction(() => !location.hash.includes("status"));
  same(await page.getByLabel("Status").inputValue(), "", "filter after going back");
});

await step("More filters find by alternative name, purpose and source", async () => {
  await visit(page, "#/certificates");
  await page.getByText("More filters").click();
  await page.getByLabel("Alternative name").fill("*.names.example.com");
  await page.getByLabel("Alternative name").press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("main tbody tr").length === 1);
  same(await column(page, "Common name"), [given.Named], "names");
  await visit(page, "#/certificates?source=gitops");
  await page.getByText("No certificate passes these filters").waitFor();
});

await step("Column heads sort, and say so", async () => {
  await visit(page, "#/certificates?status=valid");
  same(await page.getByRole("columnheader", { name: /Common name/ }).getAttribute("aria-sort"), "ascending", "order by name");
  await page.getByRole("link", { name: /^Expires/ }).click();
  await page.waitForFunction(() => document.querySelector("th[aria-sort]")?.innerText.startsWith("Expires"));
  await settled(page);
  const dates = (await column(page, "Expires")).map((text) => text.slice(0, 10));
  same(dates, [...dates].sort(), "dates");
});

await step("Pages go forward and back, and together hold every certificate once", async () => {
  await visit(page, "#/certificates?name=host");
  const seen = await column(page, "Common name");
  for (const number of [2, 3]) {
    await page.getByRole("link", { name: "Next" }).click();
    await page.getByText(`Page ${number} of 3`).waitFor();
    await settled(page);
    seen.push(...await column(page, "Common name"));
  }

  same(new Set(seen).size, given.Hosts, "different names");
  same(seen.length, given.Hosts, "names");
  await page.getByRole("link", { name: "Previous" }).click();
  await page.getByText("Page 2 of 3").waitFor();
  await page.getByRole("link", { name: "First" }).click();
  await page.getByText("Page 1 of 3").waitFor();
});

await step("A certificate opens with names, usages, chain, fingerprints and history", async () => {
  await visit(page, `#/certificates?name=${given.Named}`);
  await page.getByRole("link", { name: given.Named }).click();
  await page.getByRole("heading", { name: given.Named, level: 1 }).waitFor();
  await settled(page);
  check(await page.evaluate(() => document.activeElement.tagName) === "H1", "the focus is not on the heading");
  const text = await page.locator("main").innerText();
  for (const part of ["www.names.example.com", "192.0.2.7", "SERVER_AUTHENTICATION", given.Root, given.Issuing, "Valid", "Issued", "Off"]) {
    check(text.includes(part), `'${part}' is not there`);
  }

  check(text.replace(/\s/g, "").includes(given.NamedSha256), "its fingerprint is not there");
  check((await page.title()).startsWith(given.Named), "the title has not its name");
});

await step("A serial number in the search opens its certificate, also in hexadecimal", async () => {
  for (const serial of [given.NamedSerial, given.NamedSerialHex]) {
    await visit(page, "#/certificates");
    await page.getByLabel("Search", { exact: true }).fill(serial);
    await page.getByLabel("Search", { exact: true }).press("Enter");
    await page.getByRole("heading", { name: given.Named, level: 1 }).waitFor();
  }
});

await step("An unknown serial number says that there is none", async () => {
  await visit(page, "#/certificates/123456789");
  await page.getByText("There is no such certificate").waitFor();
});

await step("Without credentials nothing can be changed, and a sentence says why", async () => {
  await visit(page, `#/certificates/${given.NamedSerial}`);
  same(await page.getByRole("button", { name: /Revoke/ }).count(), 0, "buttons that revoke");
  await page.getByText("This server has no credentials to check, so its page only reads. To revoke certificates here, start serve with --token-file or --allow-client.").waitFor();
  await visit(page, "#/request");
  await page.getByText("To request certificates here, start serve with").waitFor();
  same(await page.locator("form").count(), 0, "forms");
});

await step("Revocations are listed with time and reason", async () => {
  await visit(page, "#/revocations");
  same(await column(page, "Common name"), [given.Revoked], "names");
  same(await column(page, "Reason"), ["superseded"], "reasons");
});

await step("The history shows what happened, and what happened to one name", async () => {
  await visit(page, "#/history");
  check((await column(page, "What")).some((what) => what.endsWith("Revoked")), "the revocation is not there");
  await page.getByLabel("Common name").fill(given.Revoked);
  await page.getByLabel("Common name").press("Enter");
  await page.waitForFunction(() => location.hash.includes("name="));
  await settled(page);
  same((await column(page, "What")).map((what) => what.slice(2).trim()), ["Revoked", "Issued"], "entries");
  await visit(page, "#/history?name=nobody");
  await page.locator(".empty").waitFor();
});

await step("Hostile names are shown as they are and do nothing", async () => {
  for (const name of given.Hostile) {
    await visit(page, `#/certificates?${new URLSearchParams({ name: name.slice(0, 40) })}`);
    same((await column(page, "Common name")).map(plain), [plain(name)], "names");
    await page.locator("main tbody a.name").click();
    await page.locator(".summary").waitFor();
    await settled(page);
    same(plain(await page.locator("h1").innerText()), plain(name), "heading");
    check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `'${name}' makes the page wider than the window`);
  }

  same(await page.evaluate(() => document.querySelectorAll("main script, main b, main img").length), 0, "elements out of names");
});

await step("An address that is no view says so", async () => {
  await visit(page, "#/nowhere");
  await page.getByText("There is no such view").waitFor();
  await visit(page, "#/certificates?colour=red");
  await page.locator(".note.bad").waitFor();
});

await end();

function plain(text) {
  return text.replace(/\s+/g, " ").trim();
}
