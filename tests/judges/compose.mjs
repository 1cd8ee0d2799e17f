// Validates a file of Docker Compose by the schema of Compose, as dclint carries it, and prints it as JSON with what << merges.
import { readFileSync } from 'node:fs'
import Ajv from 'ajv'
import { parse } from 'yaml'

// It names its draft by an address that ajv does not know (https, not http).
const { $schema, ...schema } = JSON.parse(readFileSync(new URL('node_modules/dclint/schemas/compose.schema.json', import.meta.url)))
const project = parse(readFileSync(process.argv[2], 'utf8'), { merge: true })
const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(schema)
if (!validate(project)) {
  console.log(JSON.stringify(validate.errors, null, 1))
  process.exit(1)
}
console.log(JSON.stringify(project))
