// Answers from the files of a static export as the server would: filters, sorts and pages in the browser.
// Certificates are in parts of 1000 lines; each of them in full is a file of its own.

import { ApiError } from "./api-error.js";

const BASE = "api/v1/";
const DAY = 86_400_000;
const USAGES = {
  server: "1.3.6.1.5.5.7.3.1",
  client: "1.3.6.1.5.5.7.3.2",
  CODE_SIGNING: "1.3.6.1.5.5.7.3.3",
  EMAIL_PROTECTION: "1.3.6.1.5.5.7.3.4",
  TIME_STAMPING: "1.3.6.1.5.5.7.3.8",
};
const files = new Map();

/** Reads a document of the export. */
export async function exported(path, parameters) {
  return path === "certificates" ? list(parameters)
    : path === "history" ? history(parameters)
    : file(`${path}.json`);
}

/** Reads a file once. */
function file(name) {
  if (!files.has(name)) {
    const reading = read(name);
    files.set(name, reading);
    reading.catch(() => files.delete(name));
  }

  return files.get(name);
}

async function read(name) {
  let answer;
  try {
    answer = await fetch(BASE + name);
  } catch {
    throw new ApiError(0, "unreachable", "The files of this export cannot be read.", "Serve the folder by HTTP: a browser does not read them from a disk.");
  }

  if (!answer.ok) {
    throw new ApiError(answer.status, answer.status === 404 || answer.status === 403 ? "not_found" : "unexpected",
      "This export has no such file.", "It may have been made before this certificate was issued.");
  }

  return answer.json();
}

async function list(wanted) {
  const { Parts } = await file("certificates.json");
  const parts = await Promise.all(Parts.map(file));
  const lines = parts.flatMap(linesOf).filter(filterOf(wanted, Date.now()));
  lines.sort(ORDERS[wanted.sort ?? "name"] ?? ORDERS.name);
  const from = Number(wanted.cursor ?? 0);
  const until = from + Number(wanted.limit ?? 50);
  return { Count: lines.length, Certificates: lines.slice(from, until), Next: until < lines.length ? String(until) : undefined };
}

/** The lines of a part, each with the names and usages that stand beside them. */
function linesOf({ Certificates, Names, Usages }) {
  return Certificates.map((line, index) => ({ ...line, Names: Names[index], Usages: Usages[index] }));
}

const text = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

const ORDERS = {
  name: (one, other) => text(one.CommonName, other.CommonName) || text(one.Expires, other.Expires),
  expiry: (one, other) => text(one.Expires, other.Expires) || text(one.CommonName, other.CommonName),
  issued: (one, other) => text(other.Issued, one.Issued) || text(one.CommonName, other.CommonName),
  revoked: (one, other) => text(other.Revoked ?? "", one.Revoked ?? "") || text(one.CommonName, other.CommonName),
};

function filterOf(wanted, now) {
  const name = wanted.name?.toLowerCase();
  const san = wanted.san && new RegExp(`^${wanted.san.split("*").map(escaped).join(".*")}$`, "i");
  const statuses = wanted.status?.split(",");
  const until = wanted.expires_within ? now + within(wanted.expires_within) : wanted.expires_until ? Date.parse(wanted.expires_until) : Infinity;
  const from = wanted.expires_within ? now : wanted.expires_from ? Date.parse(wanted.expires_from) : -Infinity;
  return (line) => (!name || line.CommonName.toLowerCase().includes(name))
    && (!san || line.Names.some((one) => san.test(one)))
    && (!wanted.purpose || line.Usages.includes(USAGES[wanted.purpose] ?? wanted.purpose))
    && (!wanted.source || line.Source === wanted.source)
    && (!statuses || statuses.some((status) => hasStatus(line, status, now)))
    && Date.parse(line.Expires) >= from && Date.parse(line.Expires) <= until;
}

// An export grows old: what has expired since is expired.
function hasStatus(line, status, now) {
  return status === "revoked" ? Boolean(line.Revoked)
    : status === "expired" ? Date.parse(line.Expires) < now
    : status === "ca" ? line.Source === undefined && line.Status === "CA"
    : !line.Revoked && Date.parse(line.Expires) >= now;
}

function within(span) {
  return Number.parseInt(span, 10) * ({ w: 7, m: 30.44 }[span.slice(-1)] ?? 1) * DAY;
}

function escaped(part) {
  return part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
}

async function history({ name, serial, since, limit }) {
  const { Entries } = await file("history.json");
  const found = Entries.filter((entry) => (!name || entry.CommonName === name)
    && (!serial || entry.SerialNumber === serial) && (!since || entry.Time >= since));
  return { Entries: found.slice(0, Number(limit ?? 50)), HasMore: found.length > Number(limit ?? 50) };
}
