'use strict'

// dynalite with what it lacks: TransactWriteItems and TransactGetItems (client tokens, cancellation reasons, all or
// nothing), time-to-live settings. Transactions run alone; all other requests run together. Listens on PORT, loopback.

const http = require('node:http')
const db = require('dynalite/db')
const validations = require('dynalite/validations')

let store
const create = db.create
db.create = (options) => (store = create(options)) // dynalite keeps its store to itself
const dynalite = require('dynalite')({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 })

const PREFIX = 'com.amazonaws.dynamodb.v20120810#'
const TOKEN_LIFE = 10 * 60 * 1000 // a client token counts for ten minutes
const MAX_ITEMS = 100
const MAX_BYTES = 4 * 1024 * 1024

const actions = Object.fromEntries(['putItem', 'updateItem', 'deleteItem', 'getItem'].map((name) => [name, {
  run: require(`dynalite/actions/${name}`), checks: require(`dynalite/validations/${name}`),
}]))
const operations = { Put: 'putItem', Update: 'updateItem', Delete: 'deleteItem', ConditionCheck: 'deleteItem' }
const tokens = new Map()
const timeToLive = new Map()

class ServiceError extends Error {
  constructor (type, message, more) {
    super(message)
    this.body = { __type: type.includes('#') ? type : PREFIX + type, message, ...more }
  }
}

const invalid = (message) => new ServiceError('com.amazon.coral.validate#ValidationException', message)

// Every callback of dynalite as a promise; its errors carry the body to answer with.
const call = (work) => new Promise((resolve, reject) => work((fault, result) => (fault ? reject(fault) : resolve(result))))
const run = (name, data) => call((done) => actions[name].run(store, data, done))
const tableOf = (name) => call((done) => store.getTable(name, done))

function checked (name, data) {
  const { types, custom } = actions[name].checks
  const copy = validations.checkTypes(structuredClone(data), types)
  validations.checkValidations(copy, types, custom, store)
  return copy
}

async function itemAt (table, name, key) {
  try {
    return await call((done) => store.getItemDb(name).get(key, done))
  } catch (fault) {
    if (fault.name === 'NotFoundError' || fault.notFound || fault.code === 'LEVEL_NOT_FOUND') return undefined
    throw fault
  }
}

// One element of TransactItems, checked, with the item that it meets.
async function prepared (element) {
  const [kind] = Object.keys(element)
  if (Object.keys(element).length !== 1 || !operations[kind]) throw invalid('TransactItems can only contain one of Check, Put, Update or Delete')
  const action = operations[kind]
  const data = checked(action, element[kind])
  const table = await tableOf(data.TableName)
  const fault = data.Item ? db.validateItem(data.Item, table) : db.validateKey(data.Key, table)
  if (fault) throw fault
  const key = db.createKey(data.Item ?? data.Key, table)
  const old = await itemAt(table, data.TableName, key)
  return { kind, action, data, table, key, old, wantsOld: element[kind].ReturnValuesOnConditionCheckFailure === 'ALL_OLD' }
}

function reasonOf ({ data, old, wantsOld }) {
  if (!db.checkConditional(data, old)) return { Code: 'None' }
  return { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...(wantsOld && old ? { Item: old } : {}) }
}

const cancelled = (reasons) => new ServiceError(
  'TransactionCanceledException',
  `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map((reason) => reason.Code).join(', ')}]`,
  { CancellationReasons: reasons })

// Puts back what was there: an operation failed after others of its transaction were done.
async function restore (steps) {
  for (const { data, old } of steps) {
    await (old
      ? run('putItem', { TableName: data.TableName, Item: old })
      : run('deleteItem', { TableName: data.TableName, Key: data.Key ?? keyOf(data, await tableOf(data.TableName)) }))
  }
}

const keyOf = (data, table) => Object.fromEntries(table.KeySchema.map(({ AttributeName: name }) => [name, data.Item[name]]))

async function apply (steps) {
  const done = []
  for (const step of steps) {
    try {
      if (step.kind !== 'ConditionCheck') await run(step.action, step.data)
      done.push(step)
    } catch (fault) {
      await restore(done)
      if (!fault.body) throw fault
      throw cancelled(steps.map((other) => (other === step ? { Code: 'ValidationError', Message: fault.body.message } : { Code: 'None' })))
    }
  }
}

function capacity (steps, isRead, wanted) {
  if (wanted !== 'TOTAL' && wanted !== 'INDEXES') return {}
  const units = new Map()
  for (const { data, old } of steps) {
    const size = Math.max(db.capacityUnits(data.Item ?? old, isRead, true), db.capacityUnits(old, isRead, true))
    units.set(data.TableName, (units.get(data.TableName) ?? 0) + 2 * size) // a transaction costs twice
  }
  return { ConsumedCapacity: [...units].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits })) }
}

async function transactWriteItems (body) {
  const { TransactItems: items = [], ClientRequestToken: token, ReturnConsumedCapacity: wanted } = body
  if (items.length < 1 || items.length > MAX_ITEMS) throw invalid(`Member must have length less than or equal to ${MAX_ITEMS}, greater than or equal to 1`)
  if (token !== undefined && (token.length < 1 || token.length > 36)) throw invalid('ClientRequestToken must have 1 to 36 characters')
  const content = JSON.stringify(items)
  if (Buffer.byteLength(content) > MAX_BYTES) throw invalid('Transaction request size has exceeded the maximum allowed size')
  const known = token === undefined ? undefined : tokens.get(token)
  if (known && Date.now() - known.at < TOKEN_LIFE) {
    if (known.content !== content) throw new ServiceError('IdempotentParameterMismatchException', 'The request uses the same client token with different parameters')
    return known.answer
  }
  const steps = []
  for (const element of items) steps.push(await prepared(element))
  const places = new Set(steps.map(({ data, key }) => `${data.TableName}/${key}`))
  if (places.size < steps.length) throw invalid('Transaction request cannot include multiple operations on one item')
  const reasons = steps.map(reasonOf)
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons)
  await apply(steps)
  const answer = capacity(steps, false, wanted)
  if (token !== undefined) tokens.set(token, { content, answer, at: Date.now() })
  return answer
}

async function transactGetItems (body) {
  const steps = []
  for (const { Get } of body.TransactItems ?? []) {
    const data = checked('getItem', Get)
    steps.push({ data, ...(await run('getItem', data)) })
  }
  return {
    Responses: steps.map(({ Item }) => (Item ? { Item } : {})),
    ...capacity(steps.map(({ data, Item }) => ({ data, old: Item })), true, body.ReturnConsumedCapacity),
  }
}

async function updateTimeToLive ({ TableName, TimeToLiveSpecification: wanted }) {
  await tableOf(TableName)
  timeToLive.set(TableName, wanted)
  return { TimeToLiveSpecification: wanted }
}

async function describeTimeToLive ({ TableName }) {
  await tableOf(TableName)
  const { Enabled, AttributeName } = timeToLive.get(TableName) ?? {}
  return { TimeToLiveDescription: Enabled ? { TimeToLiveStatus: 'ENABLED', AttributeName } : { TimeToLiveStatus: 'DISABLED' } }
}

const ours = {
  TransactWriteItems: transactWriteItems,
  TransactGetItems: transactGetItems,
  UpdateTimeToLive: updateTimeToLive,
  DescribeTimeToLive: describeTimeToLive,
}

async function answer (work, req, res) {
  let status = 200
  let body
  try {
    const pieces = []
    for await (const piece of req) pieces.push(piece)
    body = await work(JSON.parse(Buffer.concat(pieces).toString('utf8')))
  } catch (fault) {
    status = fault.body ? 400 : 500
    body = fault.body ?? { __type: `${PREFIX}InternalServerError`, message: String(fault.stack) }
  }
  res.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' })
  await new Promise((resolve) => res.end(JSON.stringify(body), resolve))
}

// Requests run together until one wants to be alone: it waits for those that run, and later ones wait for it.
let turn = Promise.resolve()
const running = new Set()

function together (work) {
  const mine = turn.then(work)
  running.add(mine)
  mine.finally(() => running.delete(mine))
}

function alone (work) {
  turn = Promise.allSettled([turn, ...running]).then(work)
}

const passOn = (req, res) => new Promise((resolve) => {
  res.on('close', resolve)
  dynalite.emit('request', req, res)
})

http.createServer((req, res) => {
  const work = ours[(req.headers['x-amz-target'] ?? '').split('.')[1]]
  if (work) alone(() => answer(work, req, res))
  else together(() => passOn(req, res))
}).listen(Number(process.env.PORT), '127.0.0.1')
