// A static export, from a plain file server and below a folder of it.

import { createServer } from "node:http";
import { readFileSync, existsSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { accessible, check, column, download, end, given, open, run, same, settled, step } from "../walking.mjs";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json" };
const PREFIX = "/buckets/of/pki/";
const foreign = [];
const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://here").pathname);
  const file = join(given.Export, normalize(path.slice(PREFIX.length - 1)));
  const named = existsSync(file) && statSync(file).isDirectory() ? join(file, "index.html") : file;
  if (!path.startsWith(PREFIX) || !existsSync(named) || request.method !== "GET") {
    foreign.push(`${request.method} ${path}`);
    response.writeHead(404).end();
    return;
  }

  response.writeHead(200, { "Content-Type": TYPES[extname(named)] ?? "application/octet-stream" }).end(readFileSync(named));
});
await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
const url = `http://127.0.0.1:${server.address().port}${PREFIX}`;
const page = await open();

await step("The export shows the overview and says when it was made", async () => {
  await visit("");
  await page.getByText("A copy made on").waitFor();
  same(await page.locator(".ca-card").count(), 2, "CAs");
  check(await page.locator(".weeks a").count() > 0, "the timeline is empty");
  same(await page.getByRole("button", { name: /Sign/ }).count(), 0, "ways to sign in");
  same(await page.locator("nav[aria-label=Views] a").count(), 5, "ways to views");
});

await step("Search, filters, order and pages work without a server", async () => {
  await visit("#/certificates?name=host");
  check((await page.locator(".found").innerText()).startsWith(`${given.Hosts} `), "the list has another number");
  await page.getByRole("link", { name: "Next" }).click();
  await page.getByText("Page 2 of 3").waitFor();
  await settled(page);
  await visit("#/certificates?san=*.names.example.com");
  same(await column(page, "Common name"), [given.Named], "names");
  await visit("#/certificates?purpose=server&name=names");
  same(await column(page, "Common name"), [given.Named], "servers");
  await visit("#/certificates?sort=expiry&status=valid");
  const dates = (await column(page, "Expires")).map((text) => text.slice(0, 10));
  same(dates, [...dates].sort(), "dates");
  await visit("#/revocations");
  same(await column(page, "Common name"), [given.Revoked], "revoked");
});

await step("A certificate opens, and each format is read by openssl", async () => {
  await visit(`#/certificates/${given.NamedSerial}`);
  const pem = await download(page, page.getByRole("link", { name: "PEM", exact: true }));
  const print = run("openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", pem);
  check(print.replaceAll(":", "").includes(given.NamedSha256.replaceAll(":", "")), "it is another certificate");
  const der = await download(page, page.getByRole("link", { name: "DER", exact: true }));
  same(run("openssl", "x509", "-inform", "DER", "-noout", "-fingerprint", "-sha256", "-in", der), print, "DER");
  await download(page, page.getByRole("link", { name: "PEM with chain" }));
  const p7b = await download(page, page.getByRole("link", { name: "PKCS #7" }));
  same(run("openssl", "pkcs7", "-inform", "DER", "-print_certs", "-noout", "-in", p7b).match(/subject=/g).length, 3, "certificates in PKCS #7");
  for (const file of [given.Bundle, `${given.Issuing}.crl.pem`, `${given.Root}.crl.pem`]) {
    await download(page, page.locator(".panel", { hasText: "Check it with openssl" }).getByRole("link", { name: file }));
  }

  same(run("sh", "-c", await page.getByRole("region", { name: "Lines for openssl" }).innerText()).trim(), `${pem}: OK`, "answer of openssl");
  await page.getByText("This is a copy of the CA's data without a server").waitFor();
});

await step("History and files are there, and refusals are not", async () => {
  await visit("#/history");
  const kinds = await column(page, "What");
  check(kinds.length > 0 && kinds.every((kind) => !kind.includes("Refused")), `kinds: ${kinds}`);
  await visit("#/files");
  same(await page.locator("main table a").count(), 9, "files");
});

await step("The export is accessible in both schemes", async () => {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const hash of ["#/overview", "#/certificates", `#/certificates/${given.NamedSerial}`]) {
      await visit(hash);
      await accessible(page, `${hash}, ${scheme}`);
    }
  }
});

await step("Nothing outside of the folder was asked for, and nothing was sent", async () => {
  same(foreign, [], "other requests");
});

await end();
server.close();
server.closeAllConnections();

async function visit(hash) {
  await page.goto(url + hash);
  await settled(page);
}
