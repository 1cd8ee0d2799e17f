// A service that knows nothing but signatures: it signs each request again with an implementation that is not ours and
// answers 200 with what it saw, or 403 with both signatures. Credentials come from the environment.
import { createHash, createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { SignatureV4 } from '@smithy/signature-v4'

class Sha256 {
  constructor(secret) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret)
  }

  update(data) {
    this.hash.update(data)
  }

  async digest() {
    return new Uint8Array(this.hash.digest())
  }
}

const credentials = {
  accessKeyId: process.env.ACCESS_KEY,
  secretAccessKey: process.env.SECRET_KEY,
  sessionToken: process.env.SESSION_TOKEN || undefined,
}

async function expected(request, body, scope) {
  const url = new URL(request.url, 'http://host')
  const names = /SignedHeaders=([^,]+)/.exec(request.headers.authorization)[1].split(';')
  const headers = Object.fromEntries(names.filter(name => name in request.headers).map(name => [name, request.headers[name]]))
  const query = {}
  for (const [name, value] of url.searchParams) query[name] = value
  const stamp = request.headers['x-amz-date'].replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5')
  const signer = new SignatureV4({ credentials, region: scope[2], service: scope[3], sha256: Sha256 })
  const signed = await signer.sign(
    { method: request.method, protocol: 'http:', hostname: 'host', path: url.pathname, query, headers, body },
    { signingDate: new Date(stamp) })
  return { signature: signed.headers.authorization, names }
}

createServer(async (request, response) => {
  const pieces = []
  for await (const piece of request) pieces.push(piece)
  const scope = /Credential=([^,]+)/.exec(request.headers.authorization ?? '')?.[1].split('/') ?? []
  const answer = { service: scope[3], region: scope[2], method: request.method, url: request.url }
  try {
    const { signature, names } = await expected(request, Buffer.concat(pieces), scope)
    answer.signed = names
    if (signature !== request.headers.authorization) throw new Error(`expected ${signature}, got ${request.headers.authorization}`)
    response.writeHead(200, { 'content-type': 'application/json' })
  } catch (fault) {
    Object.assign(answer, { __type: 'SignatureDoesNotMatch', message: fault.message })
    response.writeHead(403, { 'content-type': 'application/json' })
  }
  response.end(JSON.stringify(answer))
}).listen(Number(process.env.PORT), '127.0.0.1')
