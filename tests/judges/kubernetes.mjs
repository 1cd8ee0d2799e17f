// Judges Kubernetes manifests by the schemas of Kubernetes' own API; prints each resource as a line of JSON.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parseAllDocuments } from 'yaml'

const require = createRequire(import.meta.url)
for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
    if (document.errors.length > 0) throw document.errors[0]
    const resource = document.toJS()
    if (resource.apiVersion.startsWith('monitoring.coreos.com/')) { // a custom resource: Kubernetes has no schema of it
      console.log(JSON.stringify(resource))
      continue
    }
    const { [resource.kind]: Model } = require(`kubernetes-models/${resource.apiVersion}`)
    new Model(resource).validate() // throws with the path of what is wrong
    console.log(JSON.stringify(resource))
  }
}
