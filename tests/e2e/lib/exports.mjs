// Checks of what other tools take. SARIF 2.1.0 is validated against its published schema, which npm
// has (docs/adr/0005), and by what code hosts ask for beyond it. For the others no registry has a
// schema; their checks are written from their documents: BloodHound OpenGraph (nodes, edges,
// metadata, extension definition), Open Threat Model 0.2.0.
// usage: node exports.mjs KIND FILE: exit code 0 when it is one, 1 with reasons when not.
// usage: node exports.mjs controls FOLDER: each kind's own file there, broken in known ways, must be
// refused.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const isText = (v) => typeof v === 'string' && v.length > 0;
const isObject = (v) => v !== null && typeof v === 'object' && !Array.isArray(v);
const isScalar = (v) => ['string', 'number', 'boolean'].includes(typeof v);

// BloodHound: values are scalars or arrays of one primitive type, names are lower case.
function properties(where, value, wrong) {
  if (!isObject(value)) return void wrong(`${where}: properties is no object`);
  for (const [name, v] of Object.entries(value)) {
    if (name !== name.toLowerCase()) wrong(`${where}: property ${name} is not lower case`);
    if (['objectid', 'lastseen'].includes(name)) wrong(`${where}: property ${name} is reserved`);
    const list = Array.isArray(v) && v.every(isScalar) && new Set(v.map((x) => typeof x)).size <= 1;
    if (!isScalar(v) && !list) wrong(`${where}: property ${name} is nested`);
  }
}

function opengraph(d, wrong) {
  if (d.metadata && Object.keys(d.metadata).some((k) => k !== 'source_kind')) wrong('metadata has more');
  const ids = new Set();
  for (const n of d.graph.nodes) {
    if (!isText(n.id) || n.id.includes(':')) wrong(`node id '${n.id}'`);
    if (ids.has(n.id)) wrong(`node id '${n.id}' twice`);
    ids.add(n.id);
    if (!Array.isArray(n.kinds) || n.kinds.length < 1 || n.kinds.length > 3) wrong(`kinds of ${n.id}`);
    for (const k of n.kinds ?? []) if (/^tag_/i.test(k) || !/^RM_[A-Za-z0-9]+$/.test(k)) wrong(`kind ${k}`);
    properties(n.id, n.properties, wrong);
  }
  for (const e of d.graph.edges) {
    if (!/^[A-Za-z0-9_]+$/.test(e.kind)) wrong(`edge kind '${e.kind}'`);
    for (const end of [e.start, e.end]) {
      if (end?.match_by !== 'id' || end.property_matchers) wrong(`an end of ${e.kind} is not by id`);
      if (!ids.has(end?.value)) wrong(`an end of ${e.kind} is no node: ${end?.value}`);
    }
    properties(e.kind, e.properties, wrong);
  }
}

function extension(d, wrong) {
  const names = (list) => list.map((k) => k.name);
  if (!/^v\d+\.\d+\.\d+$/.test(d.schema.version)) wrong(`version ${d.schema.version}`);
  if (!isText(d.schema.name) || !isText(d.schema.display_name)) wrong('schema has no names');
  for (const name of [...names(d.node_kinds), ...names(d.relationship_kinds)])
    if (!name.startsWith(`${d.schema.namespace}_`)) wrong(`${name} is not in the namespace`);
  for (const k of d.relationship_kinds)
    if (typeof k.is_traversable !== 'boolean') wrong(`${k.name} does not say whether it is traversable`);
}

function otm(d, wrong) {
  if (d.otmVersion !== '0.2.0') wrong('otmVersion');
  if (!isText(d.project?.name) || !isText(d.project?.id)) wrong('project');
  const unique = (list, what) => {
    const ids = new Set(list.map((x) => x.id));
    if (ids.size !== list.length) wrong(`${what}: an id twice`);
    return ids;
  };
  const zones = unique(d.trustZones, 'trustZones');
  const components = unique(d.components, 'components');
  const threats = unique(d.threats, 'threats');
  const mitigations = unique(d.mitigations, 'mitigations');
  for (const z of d.trustZones) {
    const rating = z.risk?.trustRating;
    if (!isText(z.name) || typeof rating !== 'number' || rating < 0 || rating > 100) wrong(`zone ${z.id}`);
  }
  for (const c of d.components) {
    if (!isText(c.name) || !isText(c.type)) wrong(`component ${c.id}`);
    const parent = c.parent ?? {};
    const one = ('trustZone' in parent) !== ('component' in parent);
    if (!one || !(zones.has(parent.trustZone) || components.has(parent.component))) wrong(`parent of ${c.id}`);
    for (const t of c.threats ?? []) {
      if (!threats.has(t.threat) || !isText(t.state)) wrong(`threat of ${c.id}`);
      for (const m of t.mitigations)
        if (!mitigations.has(m.mitigation) || !isText(m.state)) wrong(`mitigation of ${c.id}`);
    }
  }
  for (const f of d.dataflows)
    if (!isText(f.id) || !isText(f.name) || !components.has(f.source) || !components.has(f.destination))
      wrong(`dataflow ${f.id}`);
  for (const t of d.threats)
    if (!isText(t.name) || typeof t.risk?.likelihood !== 'number' || typeof t.risk?.impact !== 'number')
      wrong(`threat ${t.id}`);
  for (const list of [d.trustZones, d.components, d.dataflows, d.threats, d.mitigations])
    for (const x of list) {
      if (x.attributes !== undefined && !isObject(x.attributes)) wrong(`attributes of ${x.id}`);
      if (x.description !== undefined && typeof x.description !== 'string') wrong(`description of ${x.id}`);
    }
  const lists = d.threats.flatMap((t) => [t.cwes ?? [], t.categories ?? [], t.tags ?? []]);
  if (!lists.every((l) => Array.isArray(l) && l.every(isText))) wrong('cwes, categories or tags of a threat');
  const represented = new Set((d.representations ?? []).map((r) => isText(r.name) && isText(r.type) && r.id));
  for (const e of [...d.trustZones, ...d.components].flatMap((x) => x.representations ?? []))
    if (!represented.has(e.representation) || !isText(e.id)) wrong(`representation ${e.id}`);
  for (const m of d.mitigations)
    if (!isText(m.name) || typeof m.riskReduction !== 'number') wrong(`mitigation ${m.id}`);
}

// The schema is of draft 4; one of its patterns is no regular expression under the flag "u".
function sarifSchema() {
  const require = createRequire(import.meta.url);
  const Ajv = require('ajv-draft-04').default;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  require('ajv-formats').default(ajv);
  const file = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  return ajv.compile(read(file));
}
let bySchema;

function sarif(d, wrong) {
  bySchema ??= sarifSchema();
  if (!bySchema(d))
    for (const e of bySchema.errors.slice(0, 5)) wrong(`SARIF's schema: ${e.instancePath} ${e.message}`);
  if (d.version !== '2.1.0') wrong('version');
  for (const run of d.runs) {
    const rules = run.tool.driver.rules;
    if (new Set(rules.map((r) => r.id)).size !== rules.length) wrong('a rule twice');
    for (const r of rules) {
      if (!/^\d+\.\d$/.test(r.properties['security-severity'])) wrong(`security-severity of ${r.id}`);
      if (r.properties.tags.length > 20) wrong(`more than 20 tags of ${r.id}`);
    }
    const prints = new Set();
    for (const r of run.results) {
      if (rules[r.ruleIndex]?.id !== r.ruleId) wrong(`ruleIndex of ${r.ruleId}`);
      if (!isText(r.message?.text)) wrong(`message of ${r.ruleId}`);
      if (!['error', 'warning', 'note'].includes(r.level)) wrong(`level ${r.level}`);
      const uri = r.locations?.[0]?.physicalLocation?.artifactLocation?.uri;
      if (uri !== undefined && (/[^A-Za-z0-9\-._~/%]/.test(uri) || uri.startsWith('/'))) wrong(`uri ${uri}`);
      const print = Object.values(r.partialFingerprints ?? {})[0];
      if (!/^[0-9a-f]{32}$/.test(print ?? '') || prints.has(print)) wrong(`fingerprint of ${r.ruleId}`);
      prints.add(print);
      const flow = r.codeFlows?.[0]?.threadFlows?.[0]?.locations;
      if (r.codeFlows && (!flow || flow.length < 2)) wrong(`code flow of ${r.ruleId}`);
    }
  }
}

// A folder of CSV files as { name: text }: RFC 4180 with every line ended by CR LF, one header, as
// many cells in each line; and no cell that a spreadsheet would take for a formula.
function cells(text, wrong) {
  const rows = [[]];
  const cell = /"((?:[^"]|"")*)"(,|\r\n)|([^",\r\n]*)(,|\r\n)/y;
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const m = cell.exec(text);
    if (m === null) return void wrong(`no cell at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`);
    rows.at(-1).push({ text: (m[1] ?? m[3]).replaceAll('""', '"'), quoted: m[1] !== undefined });
    if ((m[2] ?? m[4]) !== ',') rows.push([]);
  }
  if (rows.pop().length > 0) wrong('the last line does not end');
  return rows;
}

function csv(files, wrong) {
  for (const [name, text] of Object.entries(files)) {
    const rows = cells(text, (why) => wrong(`${name}: ${why}`)) ?? [];
    if (new Set(rows[0]?.map((c) => c.text)).size !== (rows[0]?.length ?? 0)) wrong(`${name}: a column twice`);
    for (const [n, row] of rows.entries()) {
      if (row.length !== rows[0].length) wrong(`${name}: line ${n + 1} has ${row.length} cells`);
      for (const c of row) {
        const number = !c.quoted && /^(-?[0-9.e+-]+)?$/.test(c.text);
        if (!number && /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(c.text)) wrong(`${name}: a formula: ${c.text}`);
        if (/[\u0000-\u001f\u007f-\u009f]/.test(c.text)) wrong(`${name}: a control character in line ${n + 1}`);
      }
    }
  }
}

const kinds = { opengraph, extension, otm, sarif, csv };

// What a kind is made from: a JSON file, or every CSV file of a folder.
function open(kind, where) {
  if (kind !== 'csv') return read(where);
  const names = fs.readdirSync(where).sort();
  return Object.fromEntries(names.map((n) => [n, fs.readFileSync(path.join(where, n), 'utf8')]));
}

function reasons(kind, data) {
  const found = [];
  try {
    kinds[kind](data, (why) => found.push(why));
  } catch (error) {
    found.push(`not of its shape: ${error.message}`);
  }
  return found;
}

const breaks = {
  opengraph: [
    (d) => (d.graph.nodes[0].id = 'a:b'),
    (d) => (d.graph.nodes[0].kinds = ['Tag_X']),
    (d) => (d.graph.nodes[0].properties.more = { nested: 1 }),
    (d) => (d.graph.edges[0].kind = 'RM-Dash'),
    (d) => (d.graph.edges[0].end.value = 'nobody'),
    (d) => delete d.graph.edges[0].properties,
    (d) => (d.metadata.tool = 'x'),
  ],
  extension: [
    (d) => (d.node_kinds[0].name = 'Driver'),
    (d) => (d.schema.version = '1'),
    (d) => delete d.relationship_kinds[0].is_traversable,
  ],
  otm: [
    (d) => delete d.components[0].parent,
    (d) => (d.components[0].parent.component = d.components[1].id),
    (d) => (d.dataflows[0].source = 'nobody'),
    (d) => delete d.threats[0].risk,
    (d) => (d.trustZones[0].risk.trustRating = 101),
    (d) => delete d.project.id,
    (d) => (d.components[0].attributes = []),
    (d) => (d.threats[0].cwes = [20]),
    (d) => (d.components[0].representations = [{ id: 'x', representation: 'nothing' }]),
    (d) => (d.threats[0].risk.impact = 'high'),
    (d) => (d.mitigations[0].riskReduction = null),
  ],
  sarif: [
    (d) => delete d.runs[0].results[0].message,
    (d) => (d.runs[0].results[0].ruleIndex = 999),
    (d) => (d.runs[0].results[0].partialFingerprints = {}),
    (d) => (d.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri = '/etc/a b'),
    (d) => (d.runs[0].results[0].level = 'critical'),
    (d) => (d.runs[0].results[0].baselineState = 'added'),
    (d) => (d.runs[0].results[0].severity = 'high'),
    (d) => (d.runs[0].results[0].locations[0].physicalLocation.region = { startLine: 0 }),
    (d) => (d.runs[0].results[0].suppressions = [{ justification: 'no kind' }]),
    (d) => delete d.runs[0].tool.driver.name,
    (d) => (d.runs[0].results[0].codeFlows = [{ threadFlows: [{ locations: [] }] }]),
  ],
};

breaks.csv = [
  (d) => (d['v_path.csv'] = d['v_path.csv'].replaceAll('\r\n', '\n')),
  (d) => (d['v_path.csv'] = d['v_path.csv'].slice(0, -2)),
  (d) => (d['v_path.csv'] += '"one"\r\n'),
  (d) => (d['v_path.csv'] = d['v_path.csv'].replace('\r\n"', '\r\n"=')),
  (d) => (d['v_path.csv'] = d['v_path.csv'].replace('\r\n"', '\r\n"\uff1d')),
  (d) => (d['v_path.csv'] = d['v_path.csv'].replace('\r\n"', '\r\n"a"b')),
  (d) => (d['v_path.csv'] = d['v_path.csv'].replace('"origin"', '"path_id"')),
  (d) => (d['v_path.csv'] = d['v_path.csv'].replace('\r\n"', '\r\n"\u001b[31m')),
];

const [, , kind, where] = process.argv;
const failures = [];
if (kind === 'controls') {
  for (const [name, list] of Object.entries(breaks))
    list.forEach((change, i) => {
      const data = open(name, path.join(where, name === 'csv' ? name : `${name}.json`));
      change(data);
      if (reasons(name, data).length === 0) failures.push(`${name}: broken file ${i} is taken for good`);
    });
} else {
  failures.push(...reasons(kind, open(kind, where)));
}
for (const why of failures) console.log(`FAIL: ${kind}: ${why}`);
process.exit(failures.length > 0 ? 1 : 0);
