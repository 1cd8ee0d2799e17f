// Who uses the page, and what they may do here.

import { exportTime, get, post, remove } from "./api.js";

/** The answer of the server to "who am I?"; set by the first `load`. */
export let session = {};

/** Reads the session again. */
export async function load() {
  session = await get("session");
  return session;
}

/** Signs in with a token, or without one by the client certificate that the browser shows. */
export async function signIn(token) {
  session = await post("session", token === undefined ? {} : { Token: token });
  return session;
}

/** Signs out. */
export async function signOut() {
  await remove("session");
  await load();
}

/** Whether this page may read what the CA has. */
export function mayRead() {
  return Boolean(exportTime || session.Level);
}

/** Whether somebody can sign in here. */
export function maySignIn() {
  return !exportTime && (session.SignIn ?? []).length > 0;
}

/** Whether somebody has signed in: only then there is something to sign out of. */
export function isSignedIn() {
  return !exportTime && Boolean(session.Expires);
}

/** Why no certificate can be requested here, in a sentence; null: one can. */
export function whyNoRequest() {
  return session.MayRequest && !exportTime ? null : why("request certificates", "The operator has not allowed requests from this page: start serve with --page-requests.");
}

/** Why nothing can be revoked here, in a sentence; null: it can. */
export function whyNoRevocation() {
  return session.MayRevoke && !exportTime ? null : why("revoke certificates", "To revoke certificates you need the level operate; you have the level request.");
}

function why(what, signedIn) {
  return exportTime ? `This is a copy of the CA's data without a server: it cannot ${what}. Use the command line, or the page of serve.`
    : !maySignIn() ? `This server has no credentials to check, so its page only reads. To ${what} here, start serve with --token-file or --allow-client.`
    : !isSignedIn() ? `Sign in to ${what}.`
    : signedIn;
}
