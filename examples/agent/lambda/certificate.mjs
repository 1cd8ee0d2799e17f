// A certificate for this function: serverless-ca, from the layer, keeps it in /tmp with its key, for as long as the
// execution environment lives. `agent --once` gets one if there is none or it is due, and else does nothing.
import { execFile } from "node:child_process";
import { readFile, realpath } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const program = process.env.SERVERLESS_CA_PROGRAM ?? "/opt/bin/serverless-ca";
const folder = process.env.CERTIFICATE_FOLDER ?? "/tmp/certs";
const everyMilliseconds = 60_000; // between looks whether it is due
let lookedAt = Number.NEGATIVE_INFINITY;
let current;

/** Key, certificate and CA certificates, PEM: `{ key, cert, ca }`, as Node's TLS takes them. */
export async function certificate(now = performance.now()) {
  if (now - lookedAt >= everyMilliseconds) {
    // The CA is named by the variable SERVERLESS_CA, the credentials are the function's.
    await run(program, ["agent", "--once", "--patience", "20s", "--common-name", process.env.COMMON_NAME, "--out", folder]);
    const set = await realpath(`${folder}/..data`); // one set, even if another environment's clock renews meanwhile
    const [key, cert, ca] = await Promise.all(
      ["client-cert-key.pem", "client-cert.pem", "ca-bundle.pem"].map((name) => readFile(`${set}/${name}`, "utf8")));
    current = { key, cert, ca };
    lookedAt = now;
  }
  return current;
}
