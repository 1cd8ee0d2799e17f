// Calls a partner that asks for a certificate of the CA.
import { request } from "node:https";
import { certificate } from "./certificate.mjs";

export async function handler() {
  const tls = await certificate();
  return new Promise((resolve, reject) => {
    const call = request(process.env.TARGET_URL, { ...tls, timeout: 10_000 }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve({ status: answer.statusCode }));
    });
    call.on("timeout", () => call.destroy(new Error("no answer within 10 s")));
    call.on("error", reject);
    call.end();
  });
}
