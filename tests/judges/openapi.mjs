// Validates an OpenAPI 3.1 document, and answers of a server by it. Reads {document, answers} from standard input, each answer
// {method, path, status, headers, body, request}: path as the document has it, headers with lower-case names, body and request
// (the body that was sent; null: none) as text. Prints "valid" for the document, then a line for each answer: "valid", or what is
// wrong with it. An answer must have every header that is required, a status that is documented, and no member that is not.
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020.js";

const { document, answers } = JSON.parse(readFileSync(0, "utf8"));
const verdict = await new Validator({ strict: false }).validate(structuredClone(document));
console.log(verdict.valid ? "valid" : JSON.stringify(verdict.errors).replaceAll("\n", " "));

const root = "https://openapi.invalid/";
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strict: true, strictRequired: false });
ajv.addSchema({ $id: root, $defs: placed(closed(structuredClone(document.components.schemas))) });

// Clients have to ignore members that they do not know; this server must not send any that the document does not have.
function closed(node) {
  if (node === null || typeof node !== "object") {
    return node;
  }

  for (const value of Object.values(node)) {
    closed(value);
  }

  if (!Array.isArray(node) && node.type === "object" && node.properties && node.required && node.additionalProperties === undefined) {
    node.additionalProperties = false;
  }

  return node;
}

function placed(node) {
  return JSON.parse(JSON.stringify(node).replaceAll('"$ref":"#/components/schemas/', `"$ref":"${root}#/$defs/`));
}

const compiled = new Map();

function problems(schema, value) {
  const key = JSON.stringify(schema);
  if (!compiled.has(key)) {
    compiled.set(key, ajv.compile(placed(schema)));
  }

  const validate = compiled.get(key);
  return validate(value) ? [] : [ajv.errorsText(validate.errors)];
}

function resolved(node) {
  return node?.$ref ? node.$ref.slice(2).split("/").reduce((at, part) => at[part], document) : node;
}

function judge(answer) {
  const operation = document.paths[answer.path]?.[answer.method === "HEAD" ? "get" : answer.method.toLowerCase()];
  const response = resolved(operation?.responses[answer.status] ?? operation?.responses.default);
  if (!response) {
    return ["the document has no such answer"];
  }

  const wrong = [];
  for (const [name, header] of Object.entries(response.headers ?? {})) {
    const { required, schema } = resolved(header);
    const value = answer.headers[name.toLowerCase()];
    if (value !== undefined) {
      wrong.push(...problems(schema, value));
    } else if (required) {
      wrong.push(`the header ${name} is missing`);
    }
  }

  const type = answer.headers["content-type"];
  const content = response.content?.[type];
  if (!response.content !== (type === undefined) || (response.content && !content)) {
    wrong.push(`the media type ${type} is not documented`);
  } else if (content && answer.method !== "HEAD") {
    wrong.push(...problems(content.schema, type === "application/json" ? JSON.parse(answer.body) : answer.body));
  }

  if (answer.status < 300 && operation.requestBody) {
    wrong.push(...problems(operation.requestBody.content["application/json"].schema, JSON.parse(answer.request)).map((text) => `request: ${text}`));
  }

  return wrong;
}

for (const answer of answers) {
  const wrong = judge(answer);
  console.log(wrong.length === 0 ? "valid" : wrong.join("; ").replaceAll("\n", " "));
}
