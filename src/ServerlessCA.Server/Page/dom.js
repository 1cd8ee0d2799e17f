// Makes elements. Everything that comes from data becomes a text node or an attribute that cannot run, never markup.

const SVG = "http://www.w3.org/2000/svg";
const SAFE_LINK = /^(#|https?:|blob:|[^:]*$|[^:/?#]*[/?#])/i; // no other scheme: nothing that runs

/** Makes an HTML element: attributes, `on` (handlers), `vars` (CSS variables, set by the object model as the policy wants it). */
export function h(tag, attributes, ...children) {
  return build(document.createElement(tag), attributes, children);
}

/** Makes an SVG element. */
export function s(tag, attributes, ...children) {
  return build(document.createElementNS(SVG, tag), attributes, children);
}

/** Puts children in the place of everything that an element holds. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** A text that only screen readers read. */
export function quiet(text) {
  return h("span", { class: "quiet" }, text);
}

/** Says something through the live region, without moving the focus. */
export function announce(text) {
  const region = document.getElementById("announce");
  if (region) {
    region.textContent = "";
    setTimeout(() => { region.textContent = text; }, 50);
  }
}

/** An id that no other element has. */
export function newId(prefix) {
  count += 1;
  return `${prefix}-${count}`;
}

let count = 0;

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    set(element, name, value);
  }

  append(element, children);
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) {
    return;
  }

  if (name === "on") {
    Object.entries(value).forEach(([event, handler]) => element.addEventListener(event, handler));
  } else if (name === "vars") {
    Object.entries(value).forEach(([variable, amount]) => element.style.setProperty(`--${variable}`, String(amount)));
  } else if (name === "value" && "value" in element) {
    element.value = value;
  } else if (name === "href" && !SAFE_LINK.test(value)) {
    throw new Error("a link of an unknown kind");
  } else {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
}
