// Says of each request whether AWS would allow it: node iam.mjs < QUESTIONS
//
// QUESTIONS, JSON: [{"principal", "action", "resource", "account", "policies": [identity policy, ...],
// "resourcePolicy": policy or null, "context": {key: value}}]. Prints a JSON list: "Allowed", "ImplicitlyDenied",
// "ExplicitlyDenied", or "Error: ..." for a question or policy that AWS would not take.

import { runSimulation } from '@cloud-copilot/iam-simulate'

let text = ''
for await (const chunk of process.stdin) {
  text += chunk
}

const answers = []
for (const question of JSON.parse(text)) {
  const { result, overallResult, ...rest } = await runSimulation({
    request: {
      principal: question.principal,
      action: question.action,
      resource: { resource: question.resource, accountId: question.account },
      contextVariables: { 'aws:PrincipalArn': question.principal, ...question.context },
    },
    identityPolicies: question.policies.map((policy, number) => ({ name: `policy${number}`, policy })),
    resourcePolicy: question.resourcePolicy ?? undefined,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {})
  const verdict = overallResult ?? result?.evaluationResult ?? rest.analysis?.result
  answers.push(verdict ?? `Error: ${JSON.stringify(rest.errors ?? rest)}`)
}

console.log(JSON.stringify(answers))
