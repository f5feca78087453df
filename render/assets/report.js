'use strict';
/*
 * The report page. All data are in one island; texts become text nodes, never markup.
 *   Data       what the island holds, with what the lists ask of it
 *   List       one ordered list of rows, built piece by piece
 *   Picture    the drawing: pan, zoom, follow a path
 *   Detail     what was chosen, in words
 *   Filters, tabs, keys, and the part of the address after '#'
 */
(() => {
  const $ = (selector) => document.querySelector(selector);
  const data = JSON.parse($('#data').textContent);
  const severities = ['info', 'low', 'medium', 'high', 'critical'];
  const signs = { unvalidated: '⚠ unvalidated', unknown: '? unknown', partial: '◐ partly validated', validated: '✓ validated' };

  /* An element with attributes and children; texts are text. */
  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  const place = (thing) => (thing.path ? thing.path + (thing.line ? ':' + thing.line : '') : null);
  const list = (joined) => (joined ? joined.split(' > ') : []);

  // ---- data ----

  const paths = new Map(data.paths.map((path) => [path.path_id, path]));
  const findings = new Map(data.findings.map((finding) => [finding.finding_id, finding]));
  const byNumber = new Map(data.paths.map((path) => [path.number, path]));
  /* Does the path whose lines stand for this one begin at the same box? */
  const sameSender = (path) => {
    const stand = byNumber.get(path.drawn_as);
    return stand === undefined || (stand.app === path.app && stand.origin === path.origin);
  };
  const findingsOf = new Map();
  for (const finding of data.findings) {
    if (finding.path_id) findingsOf.set(finding.path_id, [...(findingsOf.get(finding.path_id) || []), finding]);
  }
  const textOf = (thing) => JSON.stringify(Object.values(thing).filter((value) => typeof value === 'string')).toLowerCase();
  const searchable = new Map();
  function mentions(thing, words) {
    if (words.length === 0) return true;
    if (!searchable.has(thing)) searchable.set(thing, textOf(thing));
    return words.every((word) => searchable.get(thing).includes(word));
  }

  // ---- filters ----

  const controls = {
    search: $('#search'), principal: $('#filter-principal'), boundary: $('#filter-boundary'),
    severity: $('#filter-severity'), driver: $('#filter-driver'),
  };
  let wanted = null;

  function readFilters() {
    wanted = {
      words: controls.search.value.toLowerCase().split(/\s+/).filter(Boolean),
      principal: controls.principal.value, boundary: controls.boundary.value,
      least: severities.indexOf(controls.severity.value), driver: controls.driver.value,
    };
  }

  const isWay = (path) =>
    (!wanted.principal || path.origin === wanted.principal) &&
    (!wanted.boundary || list(path.boundaries).includes(wanted.boundary));
  const isDriver = (thing) =>
    !wanted.driver || list(thing.drivers).includes(wanted.driver) || thing.driver === wanted.driver;
  const isSevere = (thing) => severities.indexOf(thing.severity) >= wanted.least;

  function passesPath(path) {
    return isWay(path) && isDriver(path) && isSevere(path) && mentions(path, wanted.words);
  }

  /* A finding stands or falls with its worst path where a filter is about the way. */
  function passesFinding(finding) {
    const path = paths.get(finding.path_id);
    const way = (!wanted.principal && !wanted.boundary) || (path !== undefined && isWay(path));
    return way && (isDriver(finding) || (path !== undefined && isDriver(path))) && isSevere(finding) &&
      mentions(finding, wanted.words);
  }

  function offer(control, values) {
    for (const value of [...new Set(values)].filter(Boolean)) control.append(make('option', { value }, value));
  }

  // ---- lists ----

  const PIECE = 400; // rows at a time, so that ten thousand do not hold up the page

  class List {
    constructor(element, things, id, row, passes) {
      Object.assign(this, { element, things, id, row, passes, rows: new Map(), built: 0, shown: things.length, stop: null });
      element.addEventListener('click', (event) => {
        const item = event.target.closest('[data-id]');
        if (item) choose(item.dataset.id);
      });
      element.addEventListener('keydown', (event) => this.move(event));
      this.build();
    }
    build() {
      const end = Math.min(this.built + PIECE, this.things.length);
      const piece = document.createDocumentFragment();
      for (; this.built < end; this.built++) {
        const thing = this.things[this.built];
        const item = this.row(thing);
        item.dataset.id = this.id(thing);
        item.hidden = wanted !== null && !this.passes(thing);
        this.rows.set(this.id(thing), item);
        piece.append(item);
      }
      this.element.append(piece);
      this.keepStop();
      if (this.built < this.things.length) setTimeout(() => this.build(), 0);
    }
    buildAll() {
      while (this.built < this.things.length) this.build();
    }
    /* One row of a list takes part in the order of Tab: the chosen one, else the one last gone to, else the first. */
    stopAt(row) {
      if (this.stop) this.stop.firstElementChild.tabIndex = -1;
      this.stop = row;
      if (row) row.firstElementChild.tabIndex = 0;
    }
    keepStop() {
      if (!this.stop || this.stop.hidden) this.stopAt([...this.element.children].find((row) => !row.hidden) || null);
    }
    filter() {
      this.shown = 0;
      this.things.forEach((thing) => {
        const passes = this.passes(thing);
        const row = this.rows.get(this.id(thing));
        if (row) row.hidden = !passes;
        this.shown += passes ? 1 : 0;
      });
      this.keepStop();
    }
    mark(id) {
      for (const row of this.element.querySelectorAll('[aria-current]')) row.removeAttribute('aria-current');
      if (this.things.some((thing) => this.id(thing) === id)) {
        while (!this.rows.has(id)) this.build();
        this.rows.get(id).setAttribute('aria-current', 'true');
        this.stopAt(this.rows.get(id));
      }
    }
    /* Scrolls the panel, never the page; again while rows that come in sight get their true height. */
    reveal(id, tries = 6) {
      const row = this.rows.get(id);
      const panel = this.element.parentElement;
      if (!row || row.hidden || tries === 0) return;
      const [inner, outer] = [row.getBoundingClientRect(), panel.getBoundingClientRect()];
      if (inner.top < outer.top || inner.bottom > outer.bottom) {
        panel.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
      }
      requestAnimationFrame(() => this.reveal(id, tries - 1));
    }
    /* Arrow keys go from row to row, past those that are hidden. */
    move(event) {
      const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key];
      let item = event.target.closest('[data-id]');
      if (!item || (!step && event.key !== 'Home' && event.key !== 'End')) return;
      event.preventDefault();
      if (event.key === 'Home' || event.key === 'End') {
        const rows = [...this.element.children].filter((row) => !row.hidden);
        item = event.key === 'Home' ? rows[0] : rows[rows.length - 1];
      } else {
        do item = item[step]; while (item && item.hidden);
      }
      if (item) {
        this.stopAt(item);
        item.firstElementChild.focus();
      }
    }
  }

  function rowOf(verdict, first, second) {
    return make('li', { class: verdict }, make('button', { type: 'button', tabindex: -1 }, make('div', { class: 'first' }, ...first), second));
  }

  function pathRow(path) {
    return rowOf(path.validation, [
      make('b', {}, 'p' + path.rank), make('b', {}, path.score), path.severity,
      make('span', { class: 'verdict' }, signs[path.validation]), path.waived ? make('span', {}, 'waived') : null,
    ], make('span', { class: path.waived ? 'waived' : null }, path.summary || path.path_id));
  }

  function findingRow(finding) {
    return rowOf('', [
      make('b', {}, 'f' + finding.rank), make('b', {}, finding.rule), finding.severity,
      finding.waived ? make('span', {}, 'waived') : null, make('span', { class: 'place' }, place(finding)),
    ], make('span', { class: finding.waived ? 'waived' : null }, (finding.subject || '') + ': ' + (finding.message || ''),
      finding.fix ? make('span', { class: 'fix' }, make('b', {}, 'Fix: '), finding.fix) : null));
  }

  const lists = {
    paths: new List($('#paths'), data.paths, (path) => path.path_id, pathRow, passesPath),
    findings: new List($('#findings'), data.findings, (finding) => finding.finding_id, findingRow, passesFinding),
  };

  // ---- the picture ----

  const map = $('#map');
  const picker = $('#pictures');

  const picture = {
    index: 0, svg: null, home: null, box: null,

    show(index) {
      if (!data.pictures[index] || (index === this.index && this.svg)) return;
      if (this.svg) { // the one shown goes back to where the others wait
        const shelf = $('#picture-' + index);
        const old = make('template', { id: 'picture-' + this.index });
        old.content.append(this.svg);
        document.body.append(old);
        map.replaceChildren(...shelf.content.childNodes);
        shelf.remove();
      }
      this.index = index;
      picker.value = String(index);
      this.svg = map.querySelector('svg');
      this.svg.dataset.home = this.svg.dataset.home || this.svg.getAttribute('viewBox');
      this.home = this.svg.dataset.home.split(' ').map(Number);
      this.svg.removeAttribute('width'); // it fills its frame
      this.svg.removeAttribute('height');
      this.look(this.home);
      this.dim();
    },
    look(box) {
      this.box = box;
      this.svg.setAttribute('viewBox', box.join(' '));
    },
    zoom(factor, at) {
      const [x, y, width, height] = this.box;
      const scale = Math.min(Math.max(width * factor, this.home[2] / 40), this.home[2] * 4) / width;
      const [cx, cy] = at || [x + width / 2, y + height / 2];
      this.look([cx - (cx - x) * scale, cy - (cy - y) * scale, width * scale, height * scale]);
    },
    pan(dx, dy) {
      const [x, y, width, height] = this.box;
      this.look([x + dx * width, y + dy * height, width, height]);
    },
    /* Where the pointer is, in the units of the drawing. */
    at(event) {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
      return [point.x, point.y];
    },
    element(id) {
      return this.svg.querySelector('#' + CSS.escape(id));
    },
    clear() {
      this.svg.classList.remove('followed');
      for (const part of this.svg.querySelectorAll('.hot')) part.classList.remove('hot');
      for (const part of this.svg.querySelectorAll('.row')) part.classList.remove('row');
    },
    /* The row of a driver's table that a text stands in: the cells of its height; else the text alone. */
    markRow(node, text) {
      const at = text.getBBox();
      const middle = at.y + at.height / 2;
      const cells = [...node.querySelectorAll('polygon')].map((cell) => [cell, cell.getBBox()])
        .filter(([, box]) => box.y <= middle && middle <= box.y + box.height).sort((a, b) => a[1].height - b[1].height);
      const least = cells.length > 0 ? cells[0][1].height : 0;
      const row = cells.filter(([, box]) => box.height < least + 1);
      for (const part of row.length > 0 ? row.map(([cell]) => cell) : [text]) part.classList.add('row');
    },
    /* The requests of the path, in the tables of the drivers that handle them. */
    markRequests(path) {
      for (const step of path.steps.filter((some) => some.kind === 'entry')) {
        const told = /^(.*?) handles (.*?)(?: \((0x[0-9A-F]{8})\))? in /.exec(step.text || '');
        if (!told) continue;
        for (const node of this.svg.querySelectorAll('g.node.hot')) {
          const texts = [...node.querySelectorAll('text')];
          if (!texts.some((text) => text.textContent.includes(told[1]))) continue;
          const found = texts.find((text) => (told[3] ? text.textContent.endsWith(' ' + told[3]) : text.textContent === told[2]));
          if (found) this.markRow(node, found);
        }
      }
    },
    /* Marks the flows of a path, or of the one whose lines stand for it; false: it is not here. */
    follow(path) {
      const number = path.drawn_as;
      const same = sameSender(path);
      const edges = data.pictures[this.index].edges
        .filter((edge) => edge.numbers.includes(number) && (same || !edge.sender)); // another one's sender is not this one's
      this.clear();
      if (edges.length === 0) return false;
      this.svg.classList.add('followed');
      for (const edge of edges) {
        for (const id of [edge.id, edge.from, edge.to]) {
          const part = this.element(id);
          if (part) part.classList.add('hot');
        }
      }
      this.markRequests(path);
      return true;
    },
    /* Flows of which no path passes the filters stand back. */
    dim() {
      const passing = new Set(data.paths.filter(passesPath).map((path) => path.drawn_as));
      for (const edge of data.pictures[this.index].edges) {
        const part = this.element(edge.id);
        if (part) part.classList.toggle('off', edge.numbers.length > 0 && !edge.numbers.some((number) => passing.has(number)));
      }
      for (const node of this.svg.querySelectorAll('g.node')) {
        const text = node.textContent.toLowerCase();
        node.classList.toggle('found', wanted.words.length > 0 && wanted.words.every((word) => text.includes(word)));
      }
    },
    /* The worst path through a flow or a thing of the drawing that passes the filters. */
    pathAt(part) {
      const id = part.id;
      const numbers = data.pictures[this.index].edges
        .filter((edge) => edge.id === id || edge.from === id || edge.to === id).flatMap((edge) => edge.numbers);
      const passing = [...new Set(numbers)].map((number) => byNumber.get(number)).filter((path) => path && passesPath(path));
      return passing.sort((a, b) => a.rank - b.rank)[0];
    },
  };

  /* The picture on which a path is drawn: the one at hand, else the first that has it. */
  function followPath(path) {
    const number = path.drawn_as;
    if (picture.follow(path)) return true;
    const index = data.pictures.findIndex((other) => other.edges.some((edge) => edge.numbers.includes(number)));
    if (index < 0) return false;
    picture.show(index);
    return picture.follow(path);
  }

  function watchMap() {
    let drag = null;
    map.addEventListener('wheel', (event) => {
      event.preventDefault();
      picture.zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, picture.at(event));
    }, { passive: false });
    map.addEventListener('pointerdown', (event) => {
      if (event.button === 0) drag = { from: picture.at(event), moved: 0 };
    });
    map.addEventListener('pointermove', (event) => {
      if (!drag) return;
      const to = picture.at(event);
      drag.moved += Math.abs(event.movementX) + Math.abs(event.movementY);
      if (drag.moved > 4) map.setPointerCapture(event.pointerId);
      picture.look([picture.box[0] + drag.from[0] - to[0], picture.box[1] + drag.from[1] - to[1], picture.box[2], picture.box[3]]);
    });
    map.addEventListener('pointerup', (event) => {
      const part = drag && drag.moved <= 4 ? event.target.closest('g.edge, g.node') : null;
      const path = part ? picture.pathAt(part) : null;
      drag = null;
      if (path) choose(path.path_id);
    });
    map.addEventListener('pointercancel', () => { drag = null; });
    map.addEventListener('keydown', (event) => {
      const moves = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] };
      if (moves[event.key]) picture.pan(...moves[event.key]);
      else if (event.key === '+' || event.key === '=') picture.zoom(1 / 1.25);
      else if (event.key === '-') picture.zoom(1.25);
      else if (event.key === '0') picture.look(picture.home);
      else return;
      event.preventDefault();
    });
    for (const button of document.querySelectorAll('[data-zoom]')) {
      button.addEventListener('click', () => {
        if (button.dataset.zoom === 'fit') picture.look(picture.home);
        else picture.zoom(button.dataset.zoom === 'in' ? 1 / 1.25 : 1.25);
      });
    }
    picker.addEventListener('change', () => { picture.show(Number(picker.value)); });
  }

  // ---- what was chosen, in words ----

  const detail = $('#detail');

  function facts(pairs) {
    const rows = pairs.filter(([, value]) => value !== null && value !== undefined && value !== '');
    return make('dl', {}, ...rows.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]));
  }

  const link = (id, text) => make('a', { href: '#' + encodeURIComponent(id) }, text);

  function stepItem(step) {
    return make('li', {}, step.text || step.kind,
      step.boundary ? make('div', {}, make('b', {}, 'crosses ' + step.boundary)) : null,
      step.validation ? make('div', { class: 'verdict ' + step.validation }, signs[step.validation]) : null,
      step.evidence ? make('pre', {}, step.evidence) : null,
      place(step) ? make('div', { class: 'place' }, place(step)) : null);
  }

  function findingsPart(path) {
    const some = findingsOf.get(path.path_id) || [];
    if (some.length === 0) return [];
    return [make('h3', {}, 'Findings on it'),
      make('ul', {}, ...some.slice(0, 50).map((finding) => make('li', {}, link(finding.finding_id, finding.rule), ' ' + (finding.message || ''))))];
  }

  function pathDetail(path, drawn) {
    const code = path.code === null ? '' : ' 0x' + path.code.toString(16).toUpperCase().padStart(8, '0');
    return [make('h2', {}, 'p' + path.rank + ': score ' + path.score + ', ' + path.severity),
      make('p', {}, path.summary || ''),
      drawn ? make('p', {}, 'On the map as R' + path.drawn_as + (path.drawn_as === path.number ? '.' : ', whose lines are its own' + (sameSender(path) ? '.' : ' but for the first: that one begins at another principal.')))
        : make('p', {}, 'Not on a picture of this page: ringmap render --view path --focus p' + path.rank + ' draws it.'),
      facts([['from', path.origin], ['app', path.app], ['door', path.door], ['device', path.device],
        ['entry', (path.entry || '') + code], ['drivers', path.drivers], ['boundaries', path.boundaries],
        ['operation', (path.sink_title || path.sink_class || '') + (path.sink_api ? ', ' + path.sink_api : '')],
        ['input', signs[path.validation]], ['authorised', path.authorisation], ['requestor', path.requestor_mode],
        ['gates', 'open ' + path.gate_open + ', name ' + path.gate_name + ', deliver ' + path.gate_deliver + ', handle ' + path.gate_handle],
        ['confidence', path.confidence], ['state', path.state], ['score', path.score_text], ['CVSS 4.0', path.cvss],
        ['waived', path.waived ? 'by a policy' : null]]),
      make('h3', {}, 'Steps'), make('ol', {}, ...path.steps.map(stepItem)), ...findingsPart(path)];
  }

  const SHOWN = 100; // places of a finding

  function evidencePart(finding) {
    if (finding.places.length === 0) return [];
    const more = finding.places.length - SHOWN;
    return [make('h3', {}, 'Evidence'), make('ul', {}, ...finding.places.slice(0, SHOWN).map((some) => make('li', {},
      make('span', { class: 'place' }, place(some) || ''), some.text ? make('pre', {}, some.text) : null)),
    more > 0 ? make('li', {}, 'and ' + more + ' more places') : null)];
  }

  function findingDetail(finding) {
    const path = paths.get(finding.path_id);
    return [make('h2', {}, 'f' + finding.rank + ': ' + finding.rule + ', ' + finding.severity + (finding.waived ? ', waived' : '')),
      make('p', {}, finding.title || ''), make('p', {}, finding.message || ''),
      finding.fix ? make('p', {}, make('b', {}, 'Fix: '), finding.fix) : null,
      facts([['about', finding.subject], ['driver', finding.driver], ['evidence', place(finding)], ['weakness', finding.cwe],
        ['STRIDE', finding.stride], ['confidence', finding.confidence],
        ['mended by', finding.part_of && findings.has(finding.part_of) ? link(finding.part_of, 'the fix of f' + findings.get(finding.part_of).rank) : null],
        ['worst path', path ? link(path.path_id, 'p' + path.rank + ': ' + (path.summary || path.path_id)) : null]]),
      ...evidencePart(finding)];
  }

  // ---- choosing, and the address ----

  let chosen = null;

  function select(id) {
    chosen = id;
    const path = paths.get(id);
    const finding = findings.get(id);
    for (const some of Object.values(lists)) some.mark(id);
    picture.clear();
    detail.hidden = !path && !finding;
    if (path) {
      detail.replaceChildren(...pathDetail(path, followPath(path)).filter(Boolean));
      showTab('paths');
      lists.paths.reveal(id);
    } else if (finding) {
      if (paths.has(finding.path_id)) followPath(paths.get(finding.path_id));
      detail.replaceChildren(...findingDetail(finding).filter(Boolean));
      showTab('findings');
      lists.findings.reveal(id);
    }
  }

  function choose(id) {
    if (location.hash === '#' + encodeURI(id)) select(id);
    else location.hash = encodeURI(id);
  }

  function followAddress() {
    let id = location.hash.slice(1);
    try {
      id = decodeURIComponent(id);
    } catch { /* not one of ours: it is taken as it stands */ }
    if (id !== chosen) select(id);
  }

  function letGo() {
    history.replaceState(null, '', location.pathname + location.search);
    select(null);
  }

  // ---- tabs ----

  const tabs = [...document.querySelectorAll('[role=tab]')];

  function showTab(name) {
    for (const tab of tabs) {
      const on = tab.id === 'tab-' + name;
      tab.setAttribute('aria-selected', String(on));
      tab.tabIndex = on ? 0 : -1;
      $('#' + tab.getAttribute('aria-controls')).hidden = !on;
    }
  }

  function watchTabs() {
    tabs.forEach((tab, index) => {
      tab.addEventListener('click', () => showTab(tab.id.slice(4)));
      tab.addEventListener('keydown', (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = tabs[(index + step + tabs.length) % tabs.length];
        next.focus();
        showTab(next.id.slice(4));
      });
    });
  }

  // ---- the rest of the page ----

  const plural = (count, what) => count + ' ' + what + (count === 1 ? '' : 's');
  const tally = (counts) => severities.slice().reverse().filter((word) => counts[word]).map((word) => counts[word] + ' ' + word).join(', ');

  function tellSummary() {
    const s = data.summary;
    const counts = [plural(s.drivers, 'driver'), plural(s.devices, 'device'), plural(s.apps, 'app'),
      plural(s.paths, 'path') + (s.paths ? ' (' + tally(s.paths_by_severity) + ')' : ''),
      plural(s.findings, 'finding') + (s.findings ? ' (' + tally(s.findings_by_severity) + ')' : '')];
    const open = s.paths_by_validation;
    if (s.paths) counts.push('inputs: ' + open.unvalidated + ' unvalidated, ' + open.unknown + ' unknown, ' + open.partial + ' partly validated, ' + open.validated + ' validated');
    $('#counts').textContent = counts.join(' · ');
  }

  function tellLimits() {
    const limits = data.limits;
    const out = $('#limits');
    out.append(make('h3', {}, 'Not modelled'), make('ul', {}, ...limits.not_modelled.map((text) => make('li', {}, text))));
    out.append(make('h3', {}, 'Not read, or not to its end'));
    if (limits.not_read.length === 0) out.append(make('p', {}, 'Nothing of what was given.'));
    else out.append(make('ul', {}, ...limits.not_read.map((d) => make('li', {}, make('span', { class: 'place' }, place(d) || ''), ' ' + d.severity + ': ' + d.message))));
    if (limits.not_used.length > 0) {
      out.append(make('h3', {}, 'Read, but no fact came from it'),
        make('ul', {}, ...limits.not_used.map((path) => make('li', { class: 'place' }, path))));
    }
    if (limits.unknown.length > 0) {
      out.append(make('h3', {}, 'Unknown, and why'),
        make('ul', {}, ...limits.unknown.slice(0, 500).map((some) => make('li', {}, make('b', {}, some.driver || ''),
          ' ' + plural(some.operations, 'operation') + ': ' + (some.reason || '')))));
      if (limits.unknown.length > 500) out.append(make('p', {}, 'and ' + (limits.unknown.length - 500) + ' more reasons'));
    }
    if (limits.undecided.length > 0) {
      out.append(make('h3', {}, 'Rules that could not decide'),
        make('ul', {}, ...limits.undecided.slice(0, 500).map((some) => make('li', {}, make('b', {}, some.rule), ' ' + (some.subject || '') +
          ': ' + (some.reason || ''), place(some) ? make('span', { class: 'place' }, ' ' + place(some)) : null))));
      if (limits.undecided.length > 500) out.append(make('p', {}, 'and ' + (limits.undecided.length - 500) + ' more'));
    }
    const missing = [data.summary.paths - data.paths.length, data.summary.findings - data.findings.length];
    if (missing[0] > 0) out.append(make('p', {}, missing[0] + ' less severe paths are not on this page; the model and the JSON report have them.'));
    if (missing[1] > 0) out.append(make('p', {}, missing[1] + ' less severe findings are not on this page; the model and the JSON report have them.'));
  }

  function tellChecklist() {
    $('#tab-checklist').hidden = data.checklist.length === 0;
    $('#checklist').append(...data.checklist.map((item) => make('li', {}, '☐ ', make('b', {}, item.rule),
      ' ' + (item.statement || item.title || ''), item.source ? make('div', { class: 'place' }, item.source) : null)));
  }

  function applyFilters() {
    readFilters();
    for (const some of Object.values(lists)) some.filter();
    if (paths.has(chosen) && !passesPath(paths.get(chosen))) letGo();
    if (picture.svg) picture.dim();
    $('#status').textContent = lists.paths.shown + ' of ' + plural(data.paths.length, 'path') + ', ' +
      lists.findings.shown + ' of ' + plural(data.findings.length, 'finding');
  }

  function watchKeys() {
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') letGo();
      else if (event.key === '/' && !/INPUT|SELECT/.test(document.activeElement.tagName)) {
        event.preventDefault();
        controls.search.focus();
      }
    });
  }

  function start() {
    offer(controls.principal, data.paths.map((path) => path.origin));
    offer(controls.boundary, data.paths.flatMap((path) => list(path.boundaries)).sort());
    offer(controls.severity, severities.slice().reverse());
    offer(controls.driver, [...data.paths.flatMap((path) => list(path.drivers)), ...data.findings.map((finding) => finding.driver)]
      .filter(Boolean).sort());
    data.pictures.forEach((some, index) => picker.append(make('option', { value: index }, some.driver || 'the whole')));
    readFilters();
    if (data.pictures.length > 0) {
      picture.show(0);
      watchMap();
    }
    for (const control of Object.values(controls)) control.addEventListener('input', applyFilters);
    controls.driver.addEventListener('input', () => {
      const index = data.pictures.findIndex((some) => some.driver === controls.driver.value);
      picture.show(Math.max(index, 0)); // the whole, where that driver has none or no driver is asked for
    });
    $('#filters').addEventListener('submit', (event) => event.preventDefault());
    $('#clear').addEventListener('click', () => { $('#filters').reset(); applyFilters(); picture.show(0); });
    window.addEventListener('hashchange', followAddress);
    window.addEventListener('beforeprint', () => Object.values(lists).forEach((some) => some.buildAll()));
    watchTabs();
    watchKeys();
    tellSummary();
    tellLimits();
    tellChecklist();
    applyFilters();
    if (location.hash) followAddress();
    document.documentElement.setAttribute('data-ready', '');
  }

  start();
})();
