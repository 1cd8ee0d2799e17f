// Shows how to trust the root, for one system at a time.

import { fill, h } from "./dom.js";
import { file } from "./authorities.js";
import { code, field, fingerprint, select } from "./widgets.js";
import { trustGuide } from "./trust.js";

/** Draws the fingerprint to compare, the file, and the steps for the system that is chosen. */
export function trustPart(root) {
  const name = root.Files.Pem.replace(/^.*\//, "");
  const guide = trustGuide(name, root.Sha1);
  const steps = h("div", { class: "trust-steps", "aria-live": "polite" });
  const choice = select("system", guide.map((one) => [one.name, one.title]));
  choice.addEventListener("change", show);
  show();
  return [
    h("p", {}, "Compare the fingerprint with whoever runs the CA before you trust its root: from then on it vouches for every name."),
    h("p", {}, h("strong", {}, "SHA-256 "), fingerprint(root.Sha256, "SHA-256 of the root")),
    h("p", {}, "Save the root: ", file(root.Files.Pem, name), ". Then, in the folder where it is:"),
    field("System", choice), steps,
  ];

  function show() {
    const system = guide.find((one) => one.name === choice.value);
    fill(steps, code(system.steps, `Steps for ${system.title}`), h("p", { class: "help" }, system.remark),
      h("details", {}, h("summary", {}, "To undo it"), code(system.undo, `Undo for ${system.title}`)));
  }
}
