// Calls the API of the CA, or reads the files of a static export: every view gets its data from here.

import { ApiError } from "./api-error.js";
import { exported } from "./exported.js";

const BASE = "api/v1/";

/** When this export was made; null: a server answers. */
export const exportTime = document.documentElement.dataset.export ?? null;

/** Reads a document. Parameters without a value are left out. */
export function get(path, parameters, signal) {
  return exportTime ? exported(path, parameters ?? {}) : call("GET", path + query(parameters), undefined, signal);
}

/** Sends a document. */
export function post(path, body) {
  return call("POST", path, body);
}

/** Deletes something. */
export function remove(path) {
  return call("DELETE", path);
}

/** The address of a call, for links to files. */
export function link(path, parameters) {
  return BASE + path + query(parameters);
}

/** "?a=b&c=d", or nothing. */
export function query(parameters) {
  const given = Object.entries(parameters ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

async function call(method, path, body, signal) {
  const answer = await send(method, path, body, signal);
  const text = await answer.text();
  const json = parse(text);
  if (answer.ok) {
    return json;
  }

  if (answer.status === 401 && path !== "session") {
    dispatchEvent(new Event("signed-out")); // the session has ended meanwhile
  }

  const error = json?.Error;
  if (error) {
    throw new ApiError(answer.status, error.Code, error.Message, error.Hint);
  }

  // A refused request is the CA's answer, in the form of the contract.
  throw json?.error
    ? new ApiError(answer.status, json.code ?? "refused", json.error)
    : new ApiError(answer.status, "unexpected", `The server answered with status ${answer.status}.`);
}

async function send(method, path, body, signal) {
  try {
    return await fetch(BASE + path, {
      method,
      signal,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (fault) {
    if (fault.name === "AbortError") {
      throw fault;
    }

    throw new ApiError(0, "unreachable", "The server does not answer.", "Check whether it runs and whether this machine has a network, then try again.");
  }
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
