// Takes the pictures of the documentation: small, at the size at which they are shown.

import { statSync } from "node:fs";
import { check, end, given, note, open, settled, signIn, step, visit } from "../walking.mjs";

const MOST = 150_000; // octets of one picture

await step("The pictures of the documentation are taken", async () => {
  await picture("page-overview", "#/overview", { colorScheme: "light", viewport: { width: 1120, height: 1320 } });
  await picture("page-certificates-dark", "#/certificates?status=valid&sort=expiry", { colorScheme: "dark" });
  await picture("page-certificate", `#/certificates/${given.Serial}`, { colorScheme: "light" });
  await picture("page-phone", "#/overview", { colorScheme: "light", viewport: { width: 360, height: 780 } });
  await picture("page-request", "#/request", { colorScheme: "light", viewport: { width: 840, height: 1210 } }, async (page) => {
    await page.getByLabel("Common name", { exact: true }).fill("shop.example.com");
    await page.getByLabel("Client: it identifies").uncheck();
    await page.getByLabel("Server: others connect").check();
    await page.getByRole("button", { name: "See it before it is signed" }).click();
    await page.getByRole("heading", { name: "This would be issued" }).waitFor();
  });
});

await end();

async function picture(name, hash, options, prepare) {
  const page = await open({ viewport: { width: 1120, height: 760 }, ...options });
  await signIn(page, given.Token);
  await visit(page, hash);
  await prepare?.(page);
  await settled(page);
  await page.mouse.move(1, 1);
  await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
  const path = `${given.Pictures}/${name}.png`;
  await page.screenshot({ path });
  const octets = statSync(path).size;
  note(`${name}.png has ${octets} octets`);
  check(octets <= MOST, `${name}.png has ${octets} octets`);
  await page.context().close();
}
