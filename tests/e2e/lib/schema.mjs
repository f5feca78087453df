// usage: node schema.mjs SCHEMA FILE: exit code 0 when the JSON file is valid by that schema of
// docs/schema, 1 when it is not.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const [, , schema, file] = process.argv;
const ajv = new (require('ajv/dist/2020').default)({ strict: false });
require('ajv-formats').default(ajv);
const valid = ajv.compile(JSON.parse(fs.readFileSync(schema, 'utf8')));
let data;
try {
  data = JSON.parse(fs.readFileSync(file, 'utf8'));
} catch {
  process.exit(1);
}
process.exit(valid(data) ? 0 : 1);
