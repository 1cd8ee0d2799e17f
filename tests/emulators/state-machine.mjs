// Runs a state machine definition here: node state-machine.mjs DEFINITION [ITEMS]
//
// DEFINITION  file with the rendered definition (terraform/state-machine.asl.json.tftpl)
// ITEMS       file that the distributed map reads from S3 when deployed, such as tls.json
// LAMBDA_URL  where the Lambda API is: POST {LAMBDA_URL}/2015-03-31/functions/{name}/invocations
// RETRY_MS    pause before a retry instead of the definition's; absent: the definition's
//
// Prints one JSON line: {"status": "SUCCEEDED"|"FAILED", "output"|"error" and "cause", "results": what each item of the
// map ended as, "attempts": each try of a task of the machine itself, with state, map, error and cause}. A definition
// that asl-validator refuses is an error: exit code 1.

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { StateMachine } from 'aws-local-stepfunctions'

const validate = createRequire(import.meta.url)('asl-validator')
const [definitionFile, itemsFile] = process.argv.slice(2)
const definition = JSON.parse(await readFile(definitionFile, 'utf8'))

const { isValid, errorsText } = validate(definition)
if (!isValid) {
  console.error(errorsText('\n'))
  process.exit(1)
}

const tasks = {}
const pauses = {}
const attempts = []
prepare(definition.States, true)
const execution = new StateMachine(definition).run({}, {
  overrides: { taskResourceLocalHandlers: tasks, retryIntervalOverrides: pauses },
})
const results = collect(execution.eventLogs)
const end = await execution.result.then(
  output => ({ status: 'SUCCEEDED', output }),
  fault => ({ status: 'FAILED', error: (fault.cause ?? fault).name, cause: (fault.cause ?? fault).message }))
console.log(JSON.stringify({ ...end, results: await results, attempts }))

/** The interpreter knows neither AWS nor ItemReader: tasks go to LAMBDA_URL, and a map's reader becomes a task before it. */
function prepare(states, outermost) {
  for (const [name, state] of Object.entries(states)) {
    if (state.Type === 'Task') {
      tasks[name] = outermost ? input => attempt(name, false, () => invoke(input)) : invoke
    }
    if (process.env.RETRY_MS !== undefined && state.Retry) {
      pauses[name] = Number(process.env.RETRY_MS)
    }
    if (state.ItemProcessor) {
      prepare(state.ItemProcessor.States, false)
    }
    if (state.ItemReader) {
      const { ItemReader: reader, ...map } = state
      const mapName = `${name} (after reading)`
      states[mapName] = { ...map, ItemsPath: '$.ItemsRead' }
      states[name] = { Type: 'Task', Resource: reader.Resource, ResultPath: '$.ItemsRead', Catch: map.Catch, Next: mapName }
      tasks[name] = () => attempt(name, true, readItems)
    }
  }
}

/** Notes how a try of a task went. */
async function attempt(state, map, work) {
  try {
    const result = await work()
    attempts.push({ state, map })
    return result
  } catch (fault) {
    attempts.push({ state, map, error: fault.name, cause: fault.message })
    throw fault
  }
}

/** What arn:aws:states:::s3:getObject with InputType JSON does. */
async function readItems() {
  try {
    const items = JSON.parse(await readFile(itemsFile, 'utf8'))
    if (Array.isArray(items)) {
      return items
    }
  } catch (fault) {
    throw named('States.ItemReaderFailed', fault.message)
  }
  throw named('States.ItemReaderFailed', 'the file holds no list')
}

/** What arn:aws:states:::lambda:invoke does. */
async function invoke({ FunctionName, Payload }) {
  const name = FunctionName.replace(/^.*:function:/, '').replace(/:.*$/, '')
  const address = `${process.env.LAMBDA_URL.replace(/\/$/, '')}/2015-03-31/functions/${name}/invocations`
  let answer
  try {
    answer = await fetch(address, { method: 'POST', body: JSON.stringify(Payload) })
  } catch (fault) {
    throw named('Lambda.SdkClientException', fault.message)
  }
  const text = await answer.text()
  if (!answer.ok) {
    throw named(answer.status === 429 ? 'Lambda.TooManyRequestsException' : 'Lambda.ServiceException', text)
  }
  const payload = text === '' ? null : JSON.parse(text)
  if (answer.headers.has('x-amz-function-error')) {
    throw named(payload?.errorType ?? 'Lambda.Unknown', text)
  }
  return { ExecutedVersion: '$LATEST', Payload: payload, StatusCode: answer.status }
}

function named(name, message) {
  return Object.assign(new Error(message), { name })
}

/** What each item ended as: the list that the map's ResultSelector gets. */
async function collect(events) {
  const outputs = []
  for await (const event of events) {
    if (event.type === 'MapIterationSucceeded') {
      outputs[event.index] = event.output
    }
  }
  return outputs
}
