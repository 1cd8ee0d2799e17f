// Writes DER (X.690): what a certificate request and a PKCS #7 file need, and no more.

/** A type with its length and content; contents may be given in parts. */
export function tagged(tag, ...parts) {
  const content = joined(parts);
  return joined([[tag], length(content.length), content]);
}

export const sequence = (...parts) => tagged(0x30, ...parts);
export const set = (...parts) => tagged(0x31, ...parts);
export const nothing = () => tagged(0x05);
export const utf8 = (text) => tagged(0x0c, new TextEncoder().encode(text));
export const octetString = (octets) => tagged(0x04, octets);

/** A BIT STRING of whole octets. */
export const bits = (octets) => tagged(0x03, [0], octets);

/** A constructed value with a context tag. */
export const context = (number, ...parts) => tagged(0xa0 | number, ...parts);

/** An INTEGER that is not negative, from its octets, most significant first. */
export function integer(octets) {
  const all = Array.from(octets);
  while (all.length > 1 && all[0] === 0 && all[1] < 0x80) {
    all.shift();
  }

  return all[0] >= 0x80 ? tagged(0x02, [0], all) : tagged(0x02, all);
}

/** An OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted) {
  const [first, second, ...others] = dotted.split(".").map(Number);
  return tagged(0x06, [first * 40 + second, ...others].flatMap(base128));
}

/** Octets one after the other. */
export function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }

  return all;
}

function length(size) {
  if (size < 0x80) {
    return [size];
  }

  const octets = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) {
    octets.unshift(rest % 256);
  }

  return [0x80 | octets.length, ...octets];
}

function base128(number) {
  const octets = [number % 128];
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128)) {
    octets.unshift(0x80 | (rest % 128));
  }

  return octets;
}
