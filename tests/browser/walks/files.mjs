// Everything that can be downloaded is downloaded, and openssl judges it; the lines that the page shows are run as they are.

import { readFileSync } from "node:fs";
import { check, download, end, given, judge, open, run, same, settled, step, visit } from "../walking.mjs";

const page = await open();
const PUBLISHED = [`${given.Bundle}`, `${given.Issuing}.crl.pem`, `${given.Root}.crl.pem`];
let certificate = "";

await step("Each format of a certificate is read by openssl and is the same certificate", async () => {
  await visit(page, `#/certificates/${given.Serial}`);
  certificate = await download(page, page.getByRole("link", { name: "PEM", exact: true }));
  const print = run("openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", certificate);
  check(print.trim().endsWith(given.Sha256), "the PEM file is another certificate");
  const der = await download(page, page.getByRole("link", { name: "DER", exact: true }));
  same(run("openssl", "x509", "-inform", "DER", "-noout", "-fingerprint", "-sha256", "-in", der), print, "DER");
  const chain = await download(page, page.getByRole("link", { name: "PEM with chain" }));
  same(readFileSync(`${given.Folder}/${chain}`, "utf8").match(/BEGIN CERTIFICATE/g).length, 3, "certificates in the chain");
  same(run("openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", chain), print, "first of the chain");
  const p7b = await download(page, page.getByRole("link", { name: "PKCS #7" }));
  const pkcs7 = readFileSync(`${given.Folder}/${p7b}`)[0] === 0x30 ? "DER" : "PEM";
  same(run("openssl", "pkcs7", "-inform", pkcs7, "-print_certs", "-noout", "-in", p7b).match(/subject=/g).length, 3, "certificates in PKCS #7");
});

await step("The line for openssl works as it is shown", async () => {
  for (const file of PUBLISHED) {
    same(await download(page, page.locator(".panel", { hasText: "Check it with openssl" }).getByRole("link", { name: file })), file, "name of the file");
  }

  const line = await page.getByRole("region", { name: "Lines for openssl" }).innerText();
  check(line.includes("-crl_check_all"), "the line asks no CRL");
  same(run("sh", "-c", line).trim(), `${certificate}: OK`, "answer of openssl");
});

await step("The same line refuses a revoked certificate", async () => {
  await visit(page, `#/certificates/${given.RevokedSerial}`);
  await download(page, page.getByRole("link", { name: "PEM", exact: true }));
  const { succeeded, text } = judge("sh", "-c", await page.getByRole("region", { name: "Lines for openssl" }).innerText());
  check(!succeeded && text.includes("certificate revoked"), `openssl says: ${text}`);
  await page.getByText("It is revoked, and stays so.").waitFor();
});

await step("The line for the issuing CA works, too", async () => {
  await page.locator(".chain").getByRole("link", { name: given.Issuing }).click();
  await page.getByRole("heading", { name: given.Issuing, level: 1 }).waitFor();
  await settled(page);
  const file = await download(page, page.getByRole("link", { name: "PEM", exact: true }));
  same(run("sh", "-c", await page.getByRole("region", { name: "Lines for openssl" }).innerText()).trim(), `${file}: OK`, "answer of openssl");
  same(await page.getByRole("heading", { name: "Revoke" }).count(), 0, "ways to revoke a CA here");
});

await step("A name with a slash, a quote and a space gives files with harmless names", async () => {
  await visit(page, `#/certificates/${given.OddSerial}`);
  const name = await download(page, page.getByRole("link", { name: "PEM", exact: true }));
  check(/^[A-Za-z0-9][A-Za-z0-9._-]*\.pem$/.test(name), `the file is called ${name}`);
  same(run("sh", "-c", await page.getByRole("region", { name: "Lines for openssl" }).innerText()).trim(), `${name}: OK`, "answer of openssl");
});

await step("Every published file can be saved", async () => {
  await visit(page, "#/files");
  const links = page.locator("main table a");
  same(await links.count(), 9, "files");
  for (let index = 0; index < 9; index += 1) {
    const name = await download(page, links.nth(index));
    check(readFileSync(`${given.Folder}/${name}`).length > 100, `${name} is empty`);
  }

  run("openssl", "crl", "-inform", "DER", "-noout", "-in", `${given.Issuing}.crl`);
  run("openssl", "x509", "-inform", "DER", "-noout", "-in", `${given.Root}.cer`);
});

await step("The line for curl downloads the bundle", async () => {
  run("rm", given.Bundle);
  run("sh", "-c", await page.getByRole("region", { name: "Download by curl" }).innerText());
  check(readFileSync(`${given.Folder}/${given.Bundle}`, "utf8").includes("BEGIN CERTIFICATE"), "it did not");
});

await step("How to trust the root is said in the words of the command trust", async () => {
  for (const system of given.Trust) {
    await page.getByLabel("System").selectOption(system.Name);
    same((await page.getByRole("region", { name: `Steps for ${system.Title}` }).innerText()).split("\n"), system.Steps, `steps for ${system.Name}`);
    check((await page.locator(".trust-steps > .help").innerText()) === system.Note, `the remark for ${system.Name} differs`);
    await page.getByText("To undo it").click();
    same((await page.getByRole("region", { name: `Undo for ${system.Title}` }).innerText()).split("\n"), system.Undo, `undo for ${system.Name}`);
  }
});

await end();
