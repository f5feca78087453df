// hostile.mjs FOLDER hostile|many: a facts file whose names attack whoever shows them, or one that
// makes ten thousand findings.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, what] = process.argv.slice(2);
mkdirSync(join(folder, what), { recursive: true });

const attack = '</script><img src=x onerror="window.hacked=1"><b>\u202Eexe\u0007{{data}}]]>\\N';
const device = '\\Device\\' + attack;

const hostile = {
  ringmap: 1, who: attack, why: attack,
  drivers: [{ name: attack, framework: 'wdm' }],
  devices: [{ driver: attack, nt_name: device, sddl: 'D:P(A;;GA;;;WD)' }],
  doors: [{ device, kind: 'symlink', name: '\\DosDevices\\x" onclick="window.hacked=1' }],
  entries: [{
    driver: attack, device, name: '<svg/onload=window.hacked=1>' + 'A'.repeat(50000), code: '0x22A000',
    sinks: [{ class: 'port_out', api: '<!--\u001b[2J' + attack, argument: attack, validation: 'unvalidated' }],
  }],
  apps: [{ name: 'javascript:window.hacked=1//"\'><script>window.hacked=1</script>', principal: 'standard_user', opens: [device] }],
};

function many() {
  const facts = { ringmap: 1, who: 'a test', why: 'size', drivers: [], devices: [], doors: [], entries: [] };
  for (let d = 0; d < 3400; d++) {
    const driver = 'Drv' + d;
    const nt_name = '\\Device\\Drv' + d;
    facts.drivers.push({ name: driver, framework: 'wdm' });
    facts.devices.push({ driver, nt_name, sddl: 'D:P(A;;GA;;;BA)' });
    facts.doors.push({ device: nt_name, kind: 'symlink', name: '\\DosDevices\\Drv' + d });
    for (let e = 0; e < 3; e++) {
      facts.entries.push({
        driver, device: nt_name, name: 'IOCTL_' + d + '_' + e, code: '0x' + (0x222000 + 4 * e).toString(16),
        sinks: [{ class: 'port_out', api: 'WRITE_' + e, argument: 'Port', validation: 'unvalidated' }],
      });
    }
  }
  return facts;
}

writeFileSync(join(folder, what, 'x.ringmap.json'), JSON.stringify(what === 'many' ? many() : hostile));
