// What the CA publishes, and how a machine comes to trust it.

import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { file } from "./authorities.js";
import { code, empty, later, panel } from "./widgets.js";
import { nameOf } from "./verify.js";
import { trustPart } from "./trust-part.js";

/** Draws the files of every CA in use, and the steps to trust the root. */
export async function filesView(place) {
  const body = h("div");
  fill(place, h("h1", {}, "Files and trust"), body);
  await later(body, async () => {
    const { Authorities, Bundle } = await get("authorities");
    const current = Authorities.filter((ca) => ca.IsCurrent);
    const root = current.find((ca) => ca.Role === "root");
    return current.length === 0 ? empty("There is no CA yet", "The first run of the pipeline creates it and publishes its files.")
      : [panel("Published files", table(current, Bundle), byCurl(Bundle)), root && panel("Trust this CA", trustPart(root))];
  });
}

function table(authorities, bundle) {
  const rows = authorities.flatMap((ca) => [
    [ca.Files?.Pem, `Certificate of ${ca.CommonName}, PEM`],
    [ca.Files?.Der, `Certificate of ${ca.CommonName}, DER`],
    [ca.Crl?.File, `CRL ${ca.Crl?.Number} of ${ca.CommonName}, DER`],
    [ca.Crl && `${ca.Crl.File}.pem`, `CRL ${ca.Crl?.Number} of ${ca.CommonName}, PEM`],
  ]);
  return h("table", { class: "rows", role: "table" }, h("caption", { class: "quiet" }, "Published files"),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, h("th", { role: "columnheader", scope: "col" }, "File"), h("th", { role: "columnheader", scope: "col" }, "What it is"))),
    h("tbody", { role: "rowgroup" }, [[bundle, "Certificates of root and issuing CA, PEM: what most programs want"], ...rows].filter(([path]) => path)
      .map(([path, what]) => h("tr", { role: "row" }, h("td", { role: "cell", "data-label": "File" }, file(path)), h("td", { role: "cell", "data-label": "What it is" }, what)))));
}

function byCurl(bundle) {
  const address = new URL(bundle.replace(/^\//, ""), document.baseURI).href;
  return [h("p", {}, "By a program:"), code(`curl -sSfo ${nameOf(bundle)} ${address}`, "Download by curl")];
}
