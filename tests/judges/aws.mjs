// Stands in for the command line of AWS. It checks a command by the types of AWS SDK for JavaScript, which AWS generates from the
// models of its services, and makes an answer of the right shape:
//
//   aws.mjs SERVICE OPERATION [--option value…] [--query QUERY] [--output text|json]
//
// Checked are the operation, every option, required members, enumerations, types of values, JSON and shorthand at any depth, files
// behind file:// and fileb://, and that a query names members of the answer. Exit code 252, as that of aws, if one is wrong.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const clients = {
  acm: "acm", apigateway: "api-gateway", apigatewayv2: "apigatewayv2", cloudfront: "cloudfront",
  elbv2: "elastic-load-balancing-v2", iam: "iam", rolesanywhere: "rolesanywhere", s3api: "s3",
};
const packages = join(dirname(fileURLToPath(import.meta.url)), "node_modules", "@aws-sdk");
// As botocore makes the names of commands and options out of those of operations and members.
const hyphenated = (name) =>
  name.replace(/(.)([A-Z][a-z]+)/g, "$1-$2").replace(/([a-z])([0-9]+)/g, "$1-$2").replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();

function wrong(text) {
  console.error(`aws: error: ${text}`);
  process.exit(252);
}

/** The types of a service: members of structures, values of enumerations. */
class Model {
  structures = new Map();
  enumerations = new Map();
  unions = new Map();

  constructor(client) {
    this.types = join(packages, `client-${client}`, "dist-types");
    const models = join(this.types, "models");
    for (const file of readdirSync(models).filter((name) => name.endsWith(".d.ts"))) {
      this.read(readFileSync(join(models, file), "utf8").replace(/\/\*\*[\s\S]*?\*\//g, ""));
    }
  }

  read(text) {
    for (const [, name, body] of text.matchAll(/^export (?:declare )?const (\w+): \{\n([\s\S]*?)\n\};/gm)) {
      this.enumerations.set(name, [...body.matchAll(/: "([^"]*)";/g)].map(([, value]) => value));
    }
    for (const [, name, body] of text.matchAll(/^export (?:declare )?namespace (\w+) \{\n([\s\S]*?)\n\}/gm)) {
      const members = [...body.matchAll(/interface (\w+)Member \{\s*([\s\S]*?)\s*\}/g)].flatMap(([, , inner]) => this.members(inner, false));
      this.unions.set(name, members.filter((member) => member.type !== "never" && member.name !== "$unknown"));
    }
    for (const [, name, parent, body] of text.matchAll(/^export interface (\w+)(?: extends (\w+))? \{\n?([\s\S]*?)\n?\}$/gm)) {
      this.structures.set(name, { parent, members: this.members(body, true) });
    }
  }

  members(body, strict) {
    return [...body.matchAll(/^\s*(\$?\w+)(\?)?: ([^;]+);/gm)].map(([, name, optional, type]) => ({
      name, required: strict && !optional, type: type.replace(/ \| undefined/g, "").replace(/^\((.*)\)\[\]$/, "$1[]").trim(),
    }));
  }

  of(structure) {
    if (this.unions.has(structure)) return this.unions.get(structure);
    const found = this.structures.get(structure);
    return found && [...(found.parent ? this.of(found.parent) ?? [] : []), ...found.members];
  }

  command(operation) {
    const name = readdirSync(join(this.types, "commands")).find((file) => file.endsWith("Command.d.ts") && hyphenated(file.replace("Command.d.ts", "")) === operation);
    if (!name) return undefined;
    const text = readFileSync(join(this.types, "commands", name), "utf8");
    const type = (side) => text.match(new RegExp(`interface \\w+Command${side} extends (?:Omit<)?(\\w+)`))?.[1];
    const output = type("Output");
    return { input: type("Input"), output: output === "__MetadataBearer" ? undefined : output };
  }

  /** Says what is wrong with a value, or undefined. */
  fault(type, value, where) {
    if (type.endsWith("[]")) {
      if (!Array.isArray(value)) return `${where} is a list`;
      return value.map((one, i) => this.fault(type.slice(0, -2), one, `${where}[${i}]`)).find(Boolean);
    }
    const map = type.match(/^Record<(\w+), (.+)>$/);
    if (map) return typeof value === "object" ? Object.entries(value).map(([key, one]) => this.fault(map[2], one, `${where}.${key}`)).find(Boolean) : `${where} is a map`;
    if (this.enumerations.has(type)) return this.enumerations.get(type).includes(value) ? undefined : `${where} is one of ${this.enumerations.get(type)}, not ${value}`;
    const members = this.of(type);
    if (members) {
      if (typeof value !== "object" || Array.isArray(value)) return `${where} is a structure, ${type}`;
      const unknown = Object.keys(value).find((key) => !members.some((member) => member.name === key));
      if (unknown) return `${where} has no member ${unknown}; it has ${members.map((member) => member.name)}`;
      const missing = members.find((member) => member.required && !(member.name in value));
      if (missing) return `${where} needs ${missing.name}`;
      return Object.entries(value).map(([key, one]) => this.fault(members.find((member) => member.name === key).type, one, `${where}.${key}`)).find(Boolean);
    }
    if (type === "number" && typeof value !== "number") return `${where} is a number, not ${value}`;
    if (type === "boolean" && typeof value !== "boolean") return `${where} is true or false, not ${value}`;
    if (type === "string" && typeof value !== "string") return `${where} is a text, not ${JSON.stringify(value)}`;
    return undefined;
  }

  /** Makes a value of a type: what the service might answer. */
  sample(type, name, depth = 0) {
    if (type.endsWith("[]")) return depth > 12 ? [] : [this.sample(type.slice(0, -2), name, depth + 1)];
    if (type.startsWith("Record<")) return {};
    if (this.enumerations.has(type)) return this.enumerations.get(type)[0];
    const members = this.of(type);
    if (members) return Object.fromEntries(members.filter((member) => member.required || depth < 3).map((member) => [member.name, this.sample(member.type, member.name, depth + 1)]));
    return { number: 1, boolean: false, Date: "2030-01-02T12:00:00+00:00" }[type] ?? `the-${name}`;
  }
}

/** Reads the value of an option as aws does: a file, JSON, shorthand, or a plain text. */
function parse(model, type, words) {
  if (type.startsWith("Uint8Array") || type.includes("StreamingBlob")) {
    return words[0].startsWith("fileb://") ? file(words[0].slice("fileb://".length)) : wrong(`binary data is read by fileb://, not from ${words[0]}`);
  }
  const text = words.length === 1 && words[0].startsWith("file://") ? file(words[0].slice("file://".length)) : words.join(" ");
  if (type === "string" || model.enumerations.has(type)) return words.length === 1 ? text : wrong(`one value, not ${words}`);
  if (type === "number") return Number(text);
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch (error) {
      wrong(`${error.message} in ${text}`);
    }
  }
  const item = type.endsWith("[]") ? type.slice(0, -2) : type;
  const values = words.map((word) => (model.of(item) ? shorthand(model, item, word) : item === "number" ? Number(word) : word));
  return type.endsWith("[]") ? values : values[0];
}

function file(name) {
  return existsSync(name) ? readFileSync(name, "utf8") : wrong(`there is no file ${name}`);
}

function shorthand(model, type, word) {
  const result = {};
  let last;
  for (const part of word.split(",")) {
    const at = part.indexOf("=");
    if (at < 0 && !last) wrong(`shorthand is Name=value,…, not ${word}`);
    const name = at < 0 ? last : (last = part.slice(0, at));
    const member = model.of(type).find((one) => one.name === name) ?? wrong(`${type} has no member ${name}; it has ${model.of(type).map((one) => one.name)}`);
    const value = part.slice(at + 1);
    if (member.type.endsWith("[]")) (result[name] ??= []).push(value);
    else result[name] = member.type === "number" ? Number(value) : member.type === "boolean" ? value === "true" : value;
  }
  return result;
}

/** Follows a query of JMESPath, of the forms that pages use: names and [0], and a filter, whose first member it takes. */
function select(value, query) {
  for (const [, name, index] of query.matchAll(/\.?(\w+)|\[([^\]]*)\]/g)) {
    if (name !== undefined) value = value && name in value ? value[name] : wrong(`the answer has no ${name} (--query ${query})`);
    else value = Array.isArray(value) ? value[0] : wrong(`[${index}] is no list's (--query ${query})`);
  }
  return value;
}

const [service, operation, ...rest] = process.argv.slice(2);
if (service === "s3" && operation === "cp") {
  const [from, to] = rest;
  if (!from?.startsWith("s3://") && !existsSync(from ?? "")) wrong(`there is no file ${from}`);
  if (!/^s3:\/\/[a-z0-9.-]{3,63}\/[^/]/.test(from.startsWith("s3://") ? from : to ?? "")) wrong(`${to} is no s3://BUCKET/KEY`);
  process.exit(0);
}
if (!(service in clients)) wrong(`the judge does not know the service ${service}`);
const model = new Model(clients[service]);
if (operation === "wait") {
  const waiters = readdirSync(join(model.types, "waiters")).map((file) => hyphenated(file.replace("waitFor", "").replace(".d.ts", "")));
  if (!waiters.includes(rest[0])) wrong(`${service} waits for ${waiters}, not for ${rest[0]}`);
  process.exit(0);
}
const command = model.command(operation ?? "") ?? wrong(`${service} has no operation ${operation}`);
const members = model.of(command.input) ?? [];
const input = {};
const globals = {};
for (let i = 0; i < rest.length;) {
  const option = rest[i++];
  if (!option.startsWith("--")) wrong(`${option} belongs to no option`);
  const words = [];
  while (i < rest.length && !rest[i].startsWith("--")) words.push(rest[i++]);
  if (["--query", "--output", "--region"].includes(option)) {
    globals[option.slice(2)] = words.length === 1 ? words[0] : wrong(`${option} takes one value`);
    continue;
  }
  const negated = members.find((one) => one.type === "boolean" && `--no-${hyphenated(one.name)}` === option);
  const member = negated ?? members.find((one) => `--${hyphenated(one.name)}` === option) ?? wrong(`${service} ${operation} has no option ${option}; it has ${members.map((one) => one.name)}`);
  if (member.type === "boolean") input[member.name] = words.length === 0 ? !negated : wrong(`${option} takes no value`);
  else if (words.length === 0) wrong(`${option} needs a value`);
  else input[member.name] = parse(model, member.type, words);
}
const fault = model.fault(command.input, input, operation);
if (fault) wrong(fault);
if (!command.output) process.exit(0);
let answer = model.sample(command.output, operation);
if (globals.query) answer = select(answer, globals.query);
console.log(globals.output === "text" ? String(answer) : JSON.stringify(answer, undefined, 2));
