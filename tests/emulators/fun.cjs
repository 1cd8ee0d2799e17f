// Lambda by @vercel/fun: POST /2015-03-31/functions/{name}/invocations, as the Lambda API has it.
// FUNCTION: the folder with `bootstrap`; FUNCTIONS: JSON, by name the handler setting and the environment of each:
// {"serverless-tls-cert-dev": {"handler": "tls-cert", "variables": {…}}, …}
const http = require('node:http')
const { createFunction } = require('@vercel/fun')

const known = JSON.parse(process.env.FUNCTIONS)
const running = new Map()

function start ({ handler, variables }) {
  return createFunction({
    Code: { Directory: process.env.FUNCTION },
    Handler: handler,
    Runtime: 'provided',
    MemorySize: 128,
    Region: 'eu-west-2',
    AccessKeyId: 'AKIDEXAMPLE',
    SecretAccessKey: 'secret',
    Environment: { Variables: variables }
  })
}

async function invoke (name, payload) {
  if (!running.has(name)) {
    running.set(name, start(known[name]))
  }
  const fn = await running.get(name)
  return fn.invoke({ InvocationType: 'RequestResponse', Payload: payload })
}

http.createServer((request, response) => {
  const parts = []
  request.on('data', part => parts.push(part))
  request.on('end', async () => {
    const name = decodeURIComponent(request.url.split('/')[3] ?? '')
    if (!(name in known)) {
      response.writeHead(404).end()
      return
    }
    try {
      const answer = await invoke(name, Buffer.concat(parts))
      const headers = { 'content-type': 'application/json' }
      if (answer.FunctionError) {
        headers['x-amz-function-error'] = answer.FunctionError
      }
      response.writeHead(200, headers)
      response.end(answer.Payload)
    } catch (fault) {
      response.writeHead(500).end(String(fault.stack))
    }
  })
}).listen(Number(process.env.PORT), '127.0.0.1')
