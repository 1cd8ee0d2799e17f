// Lambda by @vercel/fun: POST an event, get the function's answer; 500 with the error where there is one.
// FUNCTION: the folder with `bootstrap`; HANDLER: the handler setting; VARIABLES: JSON with the function's environment.
const http = require('node:http')
const { createFunction } = require('@vercel/fun')

async function main () {
  const fn = await createFunction({
    Code: { Directory: process.env.FUNCTION },
    Handler: process.env.HANDLER,
    Runtime: 'provided',
    MemorySize: 128,
    Region: 'eu-west-2',
    AccessKeyId: 'AKIDEXAMPLE',
    SecretAccessKey: 'secret',
    Environment: { Variables: JSON.parse(process.env.VARIABLES) }
  })
  const server = http.createServer((request, response) => {
    const parts = []
    request.on('data', part => parts.push(part))
    request.on('end', async () => {
      const answer = await fn.invoke({ InvocationType: 'RequestResponse', Payload: Buffer.concat(parts) })
      response.writeHead(answer.FunctionError ? 500 : 200, { 'content-type': 'application/json' })
      response.end(answer.Payload)
    })
  })
  server.listen(Number(process.env.PORT), '127.0.0.1')
}

main()
