// A certificate for this function: serverless-ca, from the layer, keeps it in /tmp with its key, for as long as the
// execution environment lives. `agent --once` gets one if there is none or it is due, and else does nothing. When that
// fails, the certificate that is there is used for as long as it is valid, and the log says why.
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
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
  if (now - lookedAt >= everyMilliseconds || !isValid(current)) {
    const fault = await renew();
    const found = await read().catch(() => undefined);
    if (fault !== undefined || found === undefined) {
      const why = fault ?? new Error(`no certificate can be read in ${folder}`);
      if (!isValid(found ?? current)) {
        throw why;
      }
      console.error(`The certificate was not renewed; the one that is there goes on being used: ${why.stderr?.trim() || why.message}`);
    }
    current = found ?? current;
    lookedAt = now;
  }
  return current;
}

// The CA is named by the variable SERVERLESS_CA, the credentials are the function's.
async function renew() {
  try {
    await run(program, ["agent", "--once", "--patience", "20s", "--common-name", process.env.COMMON_NAME, "--out", folder]);
    return undefined;
  } catch (fault) {
    return fault;
  }
}

async function read() {
  const set = await realpath(`${folder}/..data`); // one set, even if another environment's clock renews meanwhile
  const [key, cert, ca] = await Promise.all(
    ["client-cert-key.pem", "client-cert.pem", "ca-bundle.pem"].map((name) => readFile(`${set}/${name}`, "utf8")));
  return { key, cert, ca };
}

function isValid(set) {
  return set !== undefined && Date.parse(new X509Certificate(set.cert).validTo) > Date.now();
}
