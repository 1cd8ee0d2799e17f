// Validates JSON documents by a JSON Schema with ajv. Reads {schema, documents} from standard input and prints, for each
// document, a line: "valid", or what is wrong with it.
import { readFileSync } from "node:fs";
import Ajv from "ajv";

const { schema, documents } = JSON.parse(readFileSync(0, "utf8"));
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strict: true, allowMatchingProperties: true });
const validate = ajv.compile(schema);
for (const document of documents) {
  console.log(validate(document) ? "valid" : ajv.errorsText(validate.errors).replaceAll("\n", " "));
}
