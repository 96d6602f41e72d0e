// zeebe-node, unchanged, against the gateway in argv: prints one line of JSON.
const { ZBClient } = require(process.argv[2] + '/zeebe-node')
const [, , , port, one, message, decision] = process.argv

async function main() {
  const client = new ZBClient(`127.0.0.1:${port}`, { useTLS: false, retry: false, loglevel: 'NONE' })
  const found = {}
  found.clusterSize = (await client.topology()).clusterSize
  await client.deployResource({ processFilename: one })
  await client.deployResource({ processFilename: message })
  const dmn = await client.deployResource({ decisionFilename: decision })
  found.decision = dmn.deployments[0].decision.dmnDecisionId
  found.worked = 0
  let refuse = true
  client.createWorker({
    taskType: 'work',
    taskHandler: job => {
      if (refuse) {
        refuse = false
        return job.fail({ errorMessage: 'once', retries: 1 })
      }
      found.worked += 1
      found.header = job.customHeaders.channel
      return job.complete({ result: job.variables.amount * 2 })
    },
  })
  const order = { bpmnProcessId: 'one-task', variables: { amount: 21 }, requestTimeout: 20000 }
  found.result = (await client.createProcessInstanceWithResult(order)).variables.result
  const waiting = await client.createProcessInstance({ bpmnProcessId: 'message', variables: { dossierCode: 'H9' } })
  await client.setVariables({ elementInstanceKey: waiting.processInstanceKey, variables: { more: 1 }, local: false })
  await client.publishMessage({ name: 'payment-received', correlationKey: 'H9', variables: {}, timeToLive: 1000 })
  found.canceled = await client.cancelProcessInstance(waiting.processInstanceKey).then(() => true, error => error.code)
  const fee = await client.evaluateDecision({ decisionId: 'fee', variables: { area: 'city' } })
  found.fee = JSON.parse(fee.decisionOutput)
  found.missing = await client.createProcessInstance({ bpmnProcessId: 'nowhere', variables: {} }).catch(error => error.code)
  await client.close(1000)
  console.log(JSON.stringify(found))
  process.exit(0)
}

main().catch(error => {
  console.error(error)
  process.exit(1)
})
