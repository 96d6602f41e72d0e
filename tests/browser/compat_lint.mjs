// Runs Camunda's own compatibility rules for 8.8 over BPMN files: node compat_lint.mjs STAFF_FOLDER FILE…
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [staff, ...files] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${staff}/package.json`));
const { Linter } = require('bpmnlint');
const NodeResolver = require('bpmnlint/lib/resolver/node-resolver');
const { BpmnModdle } = await import(pathToFileURL(require.resolve('bpmn-moddle')).href);
const zeebe = require('zeebe-bpmn-moddle/resources/zeebe.json');
const modeler = {
  name: 'modeler',
  prefix: 'modeler',
  uri: 'http://camunda.org/schema/modeler/1.0',
  xml: { tagAlias: 'lowerCase' },
  types: [
    {
      name: 'Definitions',
      isAbstract: true,
      extends: ['bpmn:Definitions'],
      properties: [
        { name: 'executionPlatform', isAttr: true, type: 'String' },
        { name: 'executionPlatformVersion', isAttr: true, type: 'String' },
      ],
    },
  ],
};

const linter = new Linter({
  config: { extends: 'plugin:camunda-compat/camunda-cloud-8-8' },
  resolver: new NodeResolver({ require }),
});
const found = [];
for (const file of files) {
  const { rootElement, warnings } = await new BpmnModdle({ zeebe, modeler }).fromXML(readFileSync(file, 'utf8'));
  warnings.forEach((warning) => found.push({ file, rule: 'import', message: warning.message }));
  const results = await linter.lint(rootElement);
  for (const [rule, reports] of Object.entries(results))
    for (const report of reports) found.push({ file, rule, id: report.id, message: report.message });
}
process.stdout.write(JSON.stringify(found));
