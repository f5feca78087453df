// report.mjs SOURCE SCRATCH: what a reader can do with the page, in Chromium; see tests/e2e/report.sh.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [source, scratch] = process.argv.slice(2);
const require = createRequire(join(source, 'package.json'));
const { chromium } = require('playwright-core');
const Ajv = require('ajv/dist/2020');

const browser = await chromium.launch({
  executablePath: process.env.RINGMAP_BROWSER,
  args: process.getuid() === 0 ? ['--no-sandbox'] : [],
});
const json = (name) => JSON.parse(readFileSync(join(scratch, name + '.json'), 'utf8'));
const address = (file, hash = '') => pathToFileURL(join(scratch, file)).href + hash;

// A page that fails on anything it says, asks for, or leaves undefined.
async function open(file, hash = '', options = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  page.trouble = [];
  page.on('console', (message) => page.trouble.push('console: ' + message.text()));
  page.on('pageerror', (error) => page.trouble.push('error: ' + error.message));
  page.on('dialog', (dialog) => { page.trouble.push('dialog'); dialog.dismiss(); });
  page.on('request', (request) => {
    if (request.url() !== address(file) && !request.url().startsWith(address(file) + '#')) page.trouble.push('request: ' + request.url());
  });
  await page.goto(address(file, hash));
  await page.waitForSelector('html[data-ready]');
  return page;
}

async function close(page) {
  assert.deepEqual(page.trouble, []);
  await page.context().close();
}

const visible = (page, list) => page.locator(`#${list} > [data-id]:visible`);
const chosen = (page) => page.locator('#paths > [aria-current]').getAttribute('data-id');

let failures = 0;
async function test(name, body) {
  try {
    await body();
  } catch (error) {
    failures++;
    console.log(`FAIL: ${name}\n${error.stack || error}`);
  }
}

const model = json('model');
const first = model.paths[0];

await test('the JSON report is what its schema says', () => {
  const schema = JSON.parse(readFileSync(join(source, 'docs/schema/report.schema.json'), 'utf8'));
  const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
  for (const name of ['model', 'hostile', 'many']) {
    assert.ok(validate(json(name)), name + ': ' + JSON.stringify((validate.errors || []).slice(0, 5)));
  }
  assert.ok(!validate({ ...model, paths: [{}] }), 'the schema takes anything');
});

await test('one row for each path, in the order of the lists', async () => {
  const page = await open('model.html');
  const ids = await page.locator('#paths [data-id]').evaluateAll((rows) => rows.map((row) => row.dataset.id));
  assert.deepEqual(ids, model.paths.map((path) => path.path_id));
  assert.equal(await page.locator('#map svg').count(), 1);
  await close(page);
});

await test('a path that is clicked is followed through the map and told step by step', async () => {
  const page = await open('model.html');
  await page.locator(`#paths [data-id="${first.path_id}"]`).click();
  assert.equal(await page.evaluate(() => decodeURIComponent(location.hash.slice(1))), first.path_id);
  assert.equal(await page.locator('#map g.edge.hot').count(), first.hops + 1);
  assert.equal(await page.locator('#map .followed').count(), 1);
  assert.equal(await page.locator('#detail ol > li').count(), first.steps.length);
  const text = await page.locator('#detail').innerText();
  assert.match(text, /score 863/);
  assert.match(text, /driver3\/driver3\.c:\d+/i);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#map g.edge.hot').count(), 0);
  assert.equal(await page.evaluate(() => location.hash), '');
  await close(page);
});

await test('a path marks the rows of the requests that it goes through, and no others', async () => {
  const page = await open('model.html', '#' + encodeURIComponent(first.path_id));
  const rows = () => page.locator('#map .row').evaluateAll((parts) => [...new Set(parts.map((part) => part.closest('g.node').id + Math.round(part.getBBox().y)))]);
  const entries = first.steps.filter((step) => step.kind === 'entry').length;
  assert.equal(first.score, 863);
  assert.equal((await rows()).length, entries, 'one row in each of its drivers');
  const own = model.paths.find((path) => path.score === 810);
  const before = await rows();
  await page.evaluate((id) => { location.hash = encodeURI(id); }, own.path_id);
  await page.waitForFunction((id) => document.querySelector('#paths > [aria-current]').dataset.id === id, own.path_id);
  const after = await rows();
  assert.equal(after.length, 1);
  assert.ok(!before.includes(after[0]), 'another code is another row');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#map .row').count(), 0);
  await close(page);
});

await test('each list is one stop of the Tab key, at the row last gone to', async () => {
  const page = await open('model.html');
  const stops = () => page.locator('#paths button[tabindex="0"]').count();
  assert.equal(await stops(), 1);
  await page.locator('#tab-paths').focus();
  await page.keyboard.press('Tab');
  const at = () => page.evaluate(() => { const row = document.activeElement.closest('#paths > [data-id]'); return row && row.dataset.id; });
  if (await at() === null) await page.keyboard.press('Tab'); // a panel that scrolls is a stop of Chromium's own
  assert.equal(await at(), first.path_id);
  await page.keyboard.press('ArrowDown');
  const second = await at();
  assert.equal(second, model.paths[1].path_id);
  await page.keyboard.press('Tab');
  assert.equal(await at(), null, 'the next stop is behind the list');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await at(), second, 'and back at the same row');
  await page.selectOption('#filter-principal', model.paths[model.paths.length - 1].origin);
  assert.equal(await stops(), 1);
  assert.ok(await page.locator('#paths button[tabindex="0"]').isVisible(), 'a hidden row is no stop');
  await close(page);
});

await test('a path of a principal that no line is drawn for is shown by the lines of another', async () => {
  const other = model.paths.find((path) => path.drawn_as !== path.number);
  const page = await open('model.html', '#' + encodeURIComponent(other.path_id));
  assert.ok(await page.locator('#map g.edge.hot').count() > 0);
  assert.match(await page.locator('#detail').innerText(), /whose lines are its own/);
  const stand = model.paths.find((path) => path.number === other.drawn_as);
  const differs = stand.origin !== other.origin || stand.app !== other.app;
  assert.equal(await page.locator('#map g.edge.hot').count(), stand.hops + (differs ? 0 : 1), 'the sender of another is not marked');
  await close(page);
});

await test('an address opens a path, or a finding with its evidence and its fix', async () => {
  const last = model.paths[model.paths.length - 1];
  let page = await open('model.html', '#' + last.path_id);
  assert.equal(await chosen(page), last.path_id);
  await page.waitForTimeout(300);
  const row = await page.locator('#paths > [aria-current]').boundingBox();
  assert.ok(row.y > 0 && row.y < 900, 'the row is in sight: ' + row.y);
  await close(page);
  const finding = model.findings.find((some) => some.path && some.fix) || model.findings[0];
  page = await open('model.html', '#' + finding.finding_id);
  const text = await page.locator('#detail').innerText();
  assert.ok(text.includes(finding.rule) && text.includes(`${finding.path}:${finding.line}`), text);
  if (finding.fix) assert.ok(text.includes('Fix: '), text);
  assert.equal(await page.locator('#tab-findings').getAttribute('aria-selected'), 'true');
  await close(page);
  page = await open('model.html', '#no-such-thing%');
  assert.ok(await page.locator('#detail').isHidden());
  await close(page);
});

await test('filters: principal, boundary, severity, driver, words', async () => {
  const page = await open('model.html');
  const expect = async (filter, count) => {
    assert.equal(await visible(page, 'paths').count(), count, filter);
    assert.match(await page.locator('#status').innerText(), new RegExp(`^${count} of ${model.paths.length} paths`));
  };
  const by = (test) => model.paths.filter(test).length;
  await page.selectOption('#filter-principal', 'admin_elevated');
  await expect('principal', by((path) => path.origin === 'admin_elevated'));
  assert.ok(await page.locator('#map g.edge.off').count() > 0, 'flows that do not pass stand back');
  await page.click('#clear');
  await page.selectOption('#filter-severity', 'critical');
  await expect('severity', by((path) => path.severity === 'critical'));
  await page.click('#clear');
  await page.selectOption('#filter-boundary', 'driver_to_driver');
  await expect('boundary', by((path) => path.boundaries.includes('driver_to_driver')));
  await page.click('#clear');
  await page.selectOption('#filter-driver', 'Driver2');
  await expect('driver', by((path) => path.drivers.split(' > ').includes('Driver2')));
  assert.equal(await page.locator('#pictures option:checked').innerText(), 'Driver2');
  await page.click('#clear');
  assert.equal(await page.locator('#pictures option:checked').innerText(), 'the whole');
  await page.locator(`#paths [data-id="${first.path_id}"]`).click();
  await page.selectOption('#filter-driver', 'Driver2');
  assert.equal(await page.locator('#map g.edge.hot').count(), 0, 'a path that is filtered away is not followed');
  assert.ok(await page.locator('#detail').isHidden());
  await page.click('#clear');
  await page.fill('#search', 'app2 SEND_ON');
  await expect('words', by((path) => path.app === 'App2.exe' && path.entry === 'IOCTL_DRIVER1_SEND_ON'));
  await page.click('#clear');
  await expect('none', model.paths.length);
  await close(page);
});

await test('the map zooms, pans, fits and takes a click on a flow', async () => {
  const page = await open('model.html');
  const box = () => page.locator('#map svg').evaluate((svg) => svg.getAttribute('viewBox').split(' ').map(Number));
  const home = await box();
  await page.click('[data-zoom=in]');
  assert.ok((await box())[2] < home[2]);
  await page.click('[data-zoom=fit]');
  assert.deepEqual(await box(), home);
  await page.locator('#map').focus();
  await page.keyboard.press('ArrowRight');
  assert.ok((await box())[0] > home[0]);
  await page.keyboard.press('0');
  const frame = await page.locator('#map').boundingBox();
  await page.mouse.move(frame.x + 200, frame.y + frame.height - 20);
  await page.mouse.wheel(0, -300);
  assert.ok((await box())[2] < home[2]);
  await page.keyboard.press('0');
  await page.mouse.down();
  await page.mouse.move(frame.x + 260, frame.y + frame.height - 60, { steps: 4 });
  await page.mouse.up();
  assert.ok((await box())[0] < home[0]);
  assert.equal(await page.evaluate(() => location.hash), '', 'dragging chooses nothing');
  await page.keyboard.press('0');
  await page.locator('#map g.edge.r1 text').first().click();
  assert.equal(await chosen(page), first.path_id);
  await close(page);
});

await test('every picture can be shown and shown again', async () => {
  const page = await open('model.html');
  const count = await page.locator('#pictures option').count();
  assert.ok(count >= 2);
  for (const index of [...Array(count).keys(), 0, count - 1]) {
    await page.selectOption('#pictures', String(index));
    assert.equal(await page.locator('#map svg').count(), 1);
    assert.ok(await page.locator('#map svg g.node').count() > 0);
  }
  await close(page);
});

await test('the keyboard is enough', async () => {
  const page = await open('model.html');
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'search');
  await page.keyboard.type('driver2');
  await page.locator('#paths > [data-id]:visible button').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const second = model.paths.filter((path) => path.drivers.includes('Driver2'))[1];
  assert.equal(await chosen(page), second.path_id);
  await page.locator('#tab-paths').focus();
  await page.keyboard.press('ArrowRight');
  assert.ok(await page.locator('#panel-findings').isVisible());
  assert.ok(await page.locator('#panel-paths').isHidden());
  await close(page);
});

await test('the accessibility tree names what there is', async () => {
  const page = await open('model.html');
  for (const [role, name] of [['heading', model.title], ['search', 'Filters'], ['searchbox', 'Search'], ['combobox', 'Principal'],
    ['combobox', 'Boundary'], ['combobox', /^Severity/], ['combobox', 'Driver'], ['button', 'Zoom in'], ['tab', 'Paths'],
    ['tab', 'Findings'], ['tab', 'Limits'], ['tabpanel', 'Paths'], ['status', /^/], ['img', /^Trust map: Driver1/]]) {
    assert.ok(await page.getByRole(role, { name }).count() > 0, `${role} ${name}`);
  }
  const described = await page.locator('#map svg').evaluate((svg) => document.getElementById('ringmap-desc').textContent);
  assert.match(described, /score 863, critical/);
  const unnamed = await page.evaluate(() => [...document.querySelectorAll('button, input, select')]
    .filter((part) => !part.textContent.trim() && !part.labels?.length && !part.getAttribute('aria-label')).map((part) => part.outerHTML));
  assert.deepEqual(unnamed, []);
  await close(page);
});

await test('limits say what is not modelled and what was not read', async () => {
  const page = await open('model.html');
  await page.click('#tab-limits');
  const text = await page.locator('#limits').innerText();
  assert.match(text, /Devices and firmware as senders/);
  for (const some of model.limits.not_read) assert.ok(text.includes(some.message), some.message);
  for (const some of model.limits.unknown) assert.ok(text.includes(some.operations + ' operation') && text.includes(some.reason), some.reason);
  await close(page);
});

await test('limits count what is unknown, the most frequent reason first', async () => {
  const counts = ['model', 'hostile', 'many'].map((name) => json(name).limits.unknown.map((some) => some.operations));
  for (const some of counts) assert.deepEqual(some, [...some].sort((a, b) => b - a));
});

await test('on paper: no controls, every list, nothing dimmed', async () => {
  const page = await open('model.html', '#' + first.path_id);
  await page.emulateMedia({ media: 'print' });
  assert.ok(await page.locator('#filters').isHidden());
  assert.ok(await page.locator('#panel-limits').isVisible());
  assert.ok(await page.locator('#panel-findings').isVisible());
  const opacity = await page.locator('#map g.edge').evaluateAll((edges) => edges.map((edge) => getComputedStyle(edge).opacity));
  assert.deepEqual([...new Set(opacity)], ['1']);
  const fixes = model.findings.filter((finding) => finding.fix);
  assert.ok(fixes.length > 0 && await page.locator('#findings .fix').count() === fixes.length);
  assert.ok(await page.locator('#findings .fix').first().isVisible());
  const named = (selector) => page.locator(selector).evaluate((part) => getComputedStyle(part).page);
  assert.equal(await named('#map'), 'map', 'a landscape page for the picture');
  assert.equal(await named('#detail'), 'auto', 'and none for the rest of what was chosen');
  const pdf = await page.pdf({ format: 'A4' });
  assert.ok(pdf.length > 20000);
  await close(page);
});

await test('hostile names are text', async () => {
  for (const hash of ['', '#' + json('hostile').paths[0].path_id, '#' + json('hostile').findings[0].finding_id]) {
    const page = await open('hostile.html', hash);
    await page.fill('#search', '<img');
    await page.click('#tab-findings');
    await page.click('#tab-limits');
    const found = await page.evaluate(() => ({
      hacked: window.hacked, images: document.querySelectorAll('img, iframe, object, embed').length,
      scripts: document.querySelectorAll('script').length, foreign: document.querySelectorAll('svg script, svg a, foreignObject').length,
      handlers: [...document.querySelectorAll('*')].filter((part) => [...part.attributes].some((a) => a.name.startsWith('on'))).length,
      bidi: /[\u0000-\u0008\u202a-\u202e\u2066-\u2069]/.test(document.body.innerText + document.title),
    }));
    assert.deepEqual(found, { hacked: undefined, images: 0, scripts: 2, foreign: 0, handlers: 0, bidi: false });
    await close(page);
  }
});

await test('the policy stops what is not ours', async () => {
  const page = await open('model.html');
  const ran = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'window.hacked = 1';
    document.body.append(script);
    const fetched = await fetch('https://example.com/').then(() => true, () => false);
    return { hacked: window.hacked, fetched };
  });
  assert.deepEqual(ran, { hacked: undefined, fetched: false });
  await page.context().close(); // the browser told its console about both
});

await test('ten thousand findings', async () => {
  const many = json('many');
  assert.ok(many.findings.length >= 10000, `${many.findings.length} findings`);
  const start = Date.now();
  const page = await open('many.html');
  const opened = Date.now() - start;
  await page.click('#tab-findings');
  const last = many.findings[many.findings.length - 1];
  const before = Date.now();
  await page.fill('#search', last.subject_id.split(':').pop());
  const filtered = Date.now() - before;
  await page.fill('#search', '');
  await page.evaluate((id) => { location.hash = id; }, last.finding_id);
  await page.waitForFunction((id) => document.querySelector('#findings > [aria-current]')?.dataset.id === id, last.finding_id);
  assert.equal(await page.locator('#findings [data-id]').count(), many.findings.length);
  console.log(`${many.findings.length} findings, ${many.paths.length} paths: open in ${opened} ms, filtered in ${filtered} ms`);
  await close(page);
});

// What a picture's background is in an <img>, which takes the reader's scheme and runs nothing.
async function background(file, colorScheme) {
  const context = await browser.newContext({ colorScheme });
  const shown = await context.newPage();
  await shown.goto('about:blank');
  const image = readFileSync(join(scratch, file)).toString('base64');
  const colour = await shown.evaluate(async (data) => {
    const picture = new Image();
    picture.src = 'data:image/svg+xml;base64,' + data;
    await picture.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [picture.width, picture.height];
    const context = canvas.getContext('2d');
    context.drawImage(picture, 0, 0);
    return [...context.getImageData(4, 4, 1, 1).data.slice(0, 3)];
  }, image);
  await context.close();
  return colour;
}

await test('a picture in an <img> follows the dark mode of its reader', async () => {
  assert.deepEqual(await background('model.svg', 'light'), [0xff, 0xff, 0xff]);
  assert.deepEqual(await background('model.svg', 'dark'), [0x17, 0x1c, 0x22]);
});

await test('a hostile picture is inert when opened by itself', async () => {
  const page = await browser.newPage();
  const trouble = [];
  page.on('console', (message) => trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(error.message));
  await page.goto(address('hostile.svg'));
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.deepEqual(trouble, []);
  await page.close();
});

await browser.close();
console.log(failures === 0 ? 'the report: all good' : `${failures} tests failed`);
process.exit(failures === 0 ? 0 : 1);
