// The page: reads the session, draws the frame, and shows the view that the address names.

import { exportTime } from "./api.js";
import { fill, h } from "./dom.js";
import { drawFrame } from "./frame.js";
import { parse } from "./router.js";
import { isSignedIn, load, mayRead, maySignIn } from "./session.js";
import { faultNote, loading } from "./widgets.js";
import { certificateView } from "./view-certificate.js";
import { certificatesView, revocationsView } from "./view-certificates.js";
import { filesView } from "./view-files.js";
import { historyView } from "./view-history.js";
import { overviewView } from "./view-overview.js";
import { requestView } from "./view-request.js";
import { signInView } from "./view-sign-in.js";

const VIEWS = {
  overview: overviewView,
  certificates: certificatesView,
  revocations: revocationsView,
  history: historyView,
  files: filesView,
  request: requestView,
  "sign-in": signInView,
};

const main = document.getElementById("main");
let shown = null;
let visit = 0;

await start();

async function start() {
  fill(main, loading());
  try {
    await load();
  } catch (fault) {
    fill(main, h("h1", {}, "The CA does not answer"), faultNote(fault, start));
    return;
  }

  addEventListener("hashchange", show);
  addEventListener("signed-out", signedOut);
  document.getElementById("skip").addEventListener("click", (event) => {
    event.preventDefault(); // the address is a view, not a place in the document
    main.focus();
  });
  await show();
}

/** Shows the view of the address. The same view with other parameters updates itself and leaves the focus alone. */
async function show() {
  const { path, parameters } = parse(location.hash);
  const name = path[0] ?? "overview";
  const needsSignIn = !mayRead() && maySignIn();
  const view = needsSignIn ? signInView : name === "certificates" && path[1] !== undefined ? certificateView : VIEWS[name];
  const key = `${needsSignIn ? "sign-in" : name}/${path.slice(1).join("/")}`;
  const isFirst = shown === null;
  visit += 1;
  drawFrame(name, restart);
  if (shown?.key === key && shown.update) {
    shown.update(parameters);
    return;
  }

  const mine = visit;
  const place = h("div", { class: `view view-${name}` });
  shown?.leave?.();
  fill(main, place);
  shown = { key };
  const making = view ? view(place, { path, parameters, again: restart }) : unknown(place);
  const heading = arrive(!isFirst);
  const made = await making;
  if (mine === visit) {
    Object.assign(shown, made);
    arrive(!isFirst && !heading?.isConnected);
  }
}

/** Gives the window the title of the view, and puts the focus on its heading, so that screen readers read it. */
function arrive(withFocus) {
  const heading = main.querySelector("h1");
  document.title = [heading?.dataset.title ?? heading?.textContent, document.documentElement.dataset.ca].filter(Boolean).join(" · ");
  if (withFocus) {
    scrollTo(0, 0);
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }

  return heading;
}

/** Asks to sign in again where a session has ended. */
async function signedOut() {
  if (mayRead()) {
    await load();
    if (!mayRead()) {
      await show();
    }
  }
}

/** Draws everything anew, as after signing in or out. */
async function restart() {
  shown = { key: null };
  if (!exportTime) {
    await load();
  }

  if (parse(location.hash).path[0] === "sign-in" && isSignedIn()) {
    location.hash = "#/overview";
  } else {
    await show();
  }
}

function unknown(place) {
  fill(place, h("h1", {}, "There is no such view"), h("p", {}, "The address may have been shortened. ", h("a", { href: "#/overview" }, "Go to the overview"), "."));
}
