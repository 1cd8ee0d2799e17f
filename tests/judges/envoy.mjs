// Reads a configuration of Envoy (YAML) by Envoy's own protocol buffers: envoy.mjs FILE MESSAGE. Prints "valid", or the path of what is
// unknown, has a wrong type, is missing, or stands beside what excludes it.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import { parse } from "yaml";

const packages = join(dirname(fileURLToPath(import.meta.url)), "node_modules");
const folders = [...["envoy-api", "googleapis", "protoc-gen-validate", "xds"].map((name) => join(packages, "@grpc", "grpc-js-xds", "deps", name)), join(packages, "protobufjs")];
const root = new protobuf.Root();
root.resolvePath = (_, target) => {
  if (protobuf.common.get(target)) return target;
  return folders.map((folder) => join(folder, target)).find((path) => {
    try {
      return readFileSync(path) && true;
    } catch {
      return false;
    }
  }) ?? null;
};
root.loadSync([
  "envoy/config/bootstrap/v3/bootstrap.proto", "envoy/extensions/filters/http/router/v3/router.proto",
  "envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto",
  "envoy/extensions/transport_sockets/tls/v3/tls.proto", "envoy/service/discovery/v3/discovery.proto",
], { keepCase: true });
root.resolveAll();

const faults = [];
const wrappers = { BoolValue: "bool", StringValue: "string", UInt32Value: "uint32", UInt64Value: "uint64", Int32Value: "int32", DoubleValue: "double" };

function check(type, value, where) {
  const name = type.fullName.replace(/^\./, "");
  if (name === "google.protobuf.Any") {
    const inner = /^type\.googleapis\.com\/(.+)$/.exec(value?.["@type"] ?? "")?.[1];
    const found = inner && root.lookup(inner, [protobuf.Type]);
    if (!found) return void faults.push(`${where}: @type ${value?.["@type"]} is not known`);
    const { "@type": _, ...rest } = value;
    return check(found, rest, `${where}(${found.name})`);
  }
  if (name === "google.protobuf.Duration") return void (/^\d+(\.\d+)?s$/.test(value) || faults.push(`${where}: ${value} is no duration`));
  if (name === "google.protobuf.Struct" || name === "google.protobuf.Value") return;
  if (wrappers[type.name] && name.startsWith("google.protobuf.")) return scalar(wrappers[type.name], value, where);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return void faults.push(`${where} is a ${type.name}`);
  for (const [key, one] of Object.entries(value)) {
    const field = type.fields[key];
    if (!field) faults.push(`${where}.${key}: ${type.name} has no such field`);
    else if (field.map) Object.entries(one).forEach(([name, inner]) => element(field, inner, `${where}.${key}.${name}`));
    else if (field.repeated) Array.isArray(one) ? one.forEach((inner, i) => element(field, inner, `${where}.${key}[${i}]`)) : faults.push(`${where}.${key} is a list`);
    else element(field, one, `${where}.${key}`);
  }
  for (const field of type.fieldsArray) {
    const needed = field.options?.["(validate.rules).message.required"] || field.options?.["(validate.rules).string.min_len"] || field.options?.["(validate.rules).repeated.min_items"];
    if (needed && !field.partOf && !(field.name in value)) faults.push(`${where} needs ${field.name}`);
  }
  for (const one of type.oneofsArray.filter((group) => !group.isProto3Optional)) {
    const given = one.fieldsArray.filter((field) => field.name in value).map((field) => field.name);
    if (given.length > 1) faults.push(`${where}: ${given} exclude each other`);
    if (given.length === 0 && one.options?.["(validate.required)"]) faults.push(`${where} needs one of ${one.fieldsArray.map((field) => field.name)}`);
  }
}

function element(field, value, where) {
  if (field.resolvedType instanceof protobuf.Enum) {
    if (!(value in field.resolvedType.values)) faults.push(`${where}: ${value} is none of ${Object.keys(field.resolvedType.values)}`);
  } else if (field.resolvedType) check(field.resolvedType, value, where);
  else scalar(field.type, value, where);
}

function scalar(type, value, where) {
  const wanted = type === "string" || type === "bytes" ? "string" : type === "bool" ? "boolean" : "number";
  if (typeof value !== wanted) faults.push(`${where}: ${JSON.stringify(value)} is no ${type}`);
}

check(root.lookupType(process.argv[3]), parse(readFileSync(process.argv[2], "utf8")), "");
console.log(faults.length === 0 ? "valid" : faults.join("\n"));
