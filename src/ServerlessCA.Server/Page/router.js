// Reads and writes the address: "#/certificates?status=valid" is a view and its parameters.

/** The parts of an address: path segments and parameters, decoded. */
export function parse(hash) {
  const [path, search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  return { path: path.split("/").filter(Boolean).map(decoded), parameters: Object.fromEntries(new URLSearchParams(search)) };
}

/** The address of a view. Parameters without a value are left out. */
export function address(path, parameters) {
  const segments = [].concat(path).map(encodeURIComponent).join("/");
  const given = Object.entries(parameters ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return `#/${segments}${given.length > 0 ? `?${new URLSearchParams(given)}` : ""}`;
}

/** Goes to a view. With `quietly` the entry in the browser's history is replaced, as while somebody types. */
export function go(hash, { quietly = false } = {}) {
  if (quietly) {
    history.replaceState(null, "", hash);
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = hash;
  }
}

function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
