// Keys are made in the browser; what is issued for them completes a handshake with mutual TLS.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { check, download, end, given, judge, open, run, same, settled, signIn, step, visit } from "../walking.mjs";

const page = await open();
const sent = [];
page.on("request", (request) => sent.push(request.postData() ?? ""));

await step("What is wrong is said at its field, and nothing is sent", async () => {
  await signIn(page, given.Token);
  await visit(page, "#/request");
  sent.length = 0;
  await page.getByLabel("Client: it identifies").uncheck();
  await page.getByLabel("Lifetime in days").fill("0");
  await page.getByRole("button", { name: "See it before it is signed" }).click();
  for (const text of ["Write a common name.", "Choose at least one purpose.", "Write a whole number of days"]) {
    await page.getByText(text).waitFor();
  }

  check(await page.evaluate(() => document.activeElement.name) === "common_name", "the focus is not on the first wrong field");
  same(sent.length, 0, "calls");
});

await step("A name that the CA refuses is refused before anything is requested", async () => {
  await fill(given.Issuing, { client: true, lifetime: 10 });
  await page.getByRole("heading", { name: "This would be refused" }).waitFor();
  await page.getByText("Common name is reserved").waitFor();
  same(await page.getByRole("button", { name: "Request this certificate" }).count(), 0, "ways to request it all the same");
});

await step("A name that the CA would leave out is shown as a warning before it is signed", async () => {
  await fill("warned.example.com", { server: true, names: [["DNS_NAME", "bad_name!"]] });
  await page.getByRole("heading", { name: "This would be issued" }).waitFor();
  await page.locator(".note.warn", { hasText: "The CA would ignore something" }).waitFor();
});

await step("A key P-256 of the browser gets a certificate that completes a handshake", () => issue("P-256"));
await step("A key P-384 of the browser gets a certificate that completes a handshake", () => issue("P-384"));
await step("A key RSA-2048 of the browser gets a certificate that completes a handshake", () => issue("RSA-2048"));
await step("A key RSA-3072 of the browser gets a certificate that completes a handshake", () => issue("RSA-3072"));

await step("No call has held a private key", async () => {
  check(sent.some((body) => body.includes("base64_csr_data")), "no request was seen");
  for (const body of sent) {
    check(!/PRIVATE|"d":/.test(body) && !/PRIVATE/.test(decoded(body)), "a call holds a key");
  }
});

await step("The lines for nginx and curl are there, and nginx reads them", async () => {
  const lines = await page.getByRole("region", { name: "Lines for nginx" }).innerText();
  check((await page.getByRole("region", { name: "Line for curl" }).innerText()).startsWith("curl --cert "), "there is no line for curl");
  if (given.Nginx) {
    run("sh", "-c", `printf '%s' "$1" > nginx.conf`, "sh", `error_log stderr; pid nginx.pid; events {} http { access_log off; server { listen 127.0.0.1:1 ssl; ${lines.replace(/ (\S+\.pem);/g, ` ${given.Folder}/$1;`)} } }`);
    const { succeeded, text } = judge(given.Nginx, "-t", "-p", given.Folder, "-c", `${given.Folder}/nginx.conf`);
    check(succeeded, text);
  }
});

await step("The new certificate is in the inventory, with who requested it", async () => {
  await page.getByRole("link", { name: "Show the certificate" }).click();
  await page.getByRole("heading", { name: "rsa-3072.example.com", level: 1 }).waitFor();
  await settled(page);
  check((await page.locator("main").innerText()).includes("token"), "nobody knows who requested it");
});

await end();

async function issue(kind) {
  await fill(`${kind.toLowerCase()}.example.com`, { server: true, client: true, kind, names: [["DNS_NAME", "localhost"], ["IP_ADDRESS", "127.0.0.1"]] });
  await page.getByRole("heading", { name: "This would be issued" }).waitFor();
  check((await page.locator(".request-steps").innerText()).includes("IP_ADDRESS 127.0.0.1"), "the preview has not the address");
  await page.getByRole("button", { name: "Request this certificate" }).click();
  await page.getByText("Save the key now.").waitFor();
  check(await page.evaluate(asksBeforeLeaving), "the page can be closed without the key");
  const key = await download(page, page.getByRole("link", { name: /Private key/ }));
  const chain = await download(page, page.getByRole("link", { name: "Certificate with chain" }));
  const bundle = await download(page, page.getByRole("link", { name: "CA bundle" }));
  same(run("openssl", "pkey", "-in", key, "-pubout"), run("openssl", "x509", "-in", chain, "-noout", "-pubkey"), "key of the certificate");
  check(!await page.evaluate(asksBeforeLeaving), "the page cannot be closed although the key is saved");
  await handshake(key, chain, bundle);
}

function asksBeforeLeaving() {
  return !dispatchEvent(new Event("beforeunload", { cancelable: true }));
}

async function fill(name, { client = false, server = false, kind = "P-256", lifetime = 30, names = [] }) {
  await visit(page, "#/overview");
  await visit(page, "#/request");
  await page.getByLabel("Common name", { exact: true }).fill(name);
  await page.getByLabel("Client: it identifies").setChecked(client);
  await page.getByLabel("Server: others connect").setChecked(server);
  await page.getByLabel("Lifetime in days").fill(String(lifetime));
  await page.getByLabel("Key", { exact: true }).selectOption(kind);
  for (const [index, [type, value]] of names.entries()) {
    await page.getByRole("button", { name: "Add a name" }).click();
    await page.getByLabel("Type of the name").nth(index).selectOption(type);
    await page.getByLabel("Name", { exact: true }).nth(index).fill(value);
  }

  await page.getByRole("button", { name: "See it before it is signed" }).click();
}

// The server demands a certificate of the client, and each checks the other's names and chain.
async function handshake(key, chain, bundle) {
  const server = spawn("openssl", ["s_server", "-accept", "127.0.0.1:0", "-cert", chain, "-cert_chain", chain, "-key", key, "-CAfile", bundle, "-Verify", "2", "-verify_return_error", "-naccept", "1"], { cwd: given.Folder });
  let text = "";
  server.stdout.on("data", (part) => { text += part; });
  server.stderr.on("data", (part) => { text += part; });
  while (!/ACCEPT (\S+)/.test(text)) {
    await Promise.race([once(server.stdout, "data"), once(server, "exit").then(() => { throw new Error(text); })]);
  }

  const answer = judge("sh", "-c", `openssl s_client -connect ${/ACCEPT (\S+)/.exec(text)[1]} -verify_hostname localhost -verify_return_error -CAfile ${bundle} -cert ${chain} -cert_chain ${chain} -key ${key} </dev/null`);
  check(answer.succeeded && answer.text.includes("Verify return code: 0 (ok)"), `${answer.text}\n${text}`);
  if (server.exitCode === null) {
    await once(server, "exit");
  }

  check(!/verify error|alert/.test(text), text);
}

function decoded(body) {
  const base64 = /"base64_csr_data":"([^"]+)"/.exec(body)?.[1];
  return base64 ? Buffer.from(base64, "base64").toString("latin1") : "";
}
