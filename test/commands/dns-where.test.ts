import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { temporaryFolder, writeFiles } from '../support/folder.ts';

const SHOP = `name: shop
listeners: { http: { port: 8080 } }
dns:
  zone: example.com
  name: shop.example.com
  policy: geolocation
  health: true
  regions: { us-east-1: 192.0.2.1, eu-west-1: 192.0.2.2 }
  answers:
    default: us-east-1
    continent:EU: eu-west-1
  must_stay: { EU: [eu-west-1] }
`;

test('where shows the world of lb.yaml, and what is wrong with it', async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { 'lb.yaml': SHOP, 'good.yaml': SHOP.replace('health: true', 'ttl: 30') });
  const bad = await lbctl(['dns', 'where'], { cwd });
  expect(bad).toMatchObject({ code: 1, stdout: expect.stringContaining('b  192.0.2.2  54 countries') });
  expect(bad.stderr).toMatch(/^✗ shop\.example\.com A can lead clients of Europe by default, and must_stay/u);

  const good = await lbctl(['dns', 'where', '-f', 'good.yaml', '--svg', 'map.svg'], { cwd });
  expect(good).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(join(cwd, 'map.svg'), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/su);
});

test('where tells a place what it gets by flags, also with an answer dead', async () => {
  const cwd = await temporaryFolder();
  const flags = [
    '--zone',
    'example.com',
    '--name',
    'www.example.com',
    '--latency',
    'us-east-1=192.0.2.1',
    '--latency',
    'eu-west-1=192.0.2.2',
  ];
  const table = await lbctl(['dns', 'where', '--from', 'de', ...flags], { cwd });
  expect(table).toMatchObject({ code: 0, stderr: '' });
  expect(table.stdout).toMatch(/^DE +Germany +192\.0\.2\.2 +nearest: eu-west-1, about \d+ km$/mu);

  const json = await lbctl(['dns', 'where', '--from', 'all', '--json', '--down', 'eu-west-1', ...flags], {
    cwd,
  });
  const { names } = JSON.parse(json.stdout) as { names: { clients: { answer: string }[] }[] };
  expect(new Set(names[0]!.clients.map(({ answer }) => answer))).toEqual(new Set(['192.0.2.1']));
  expect(names[0]!.clients).toHaveLength(301);
});

test('where refuses places and records that there are not', async () => {
  const cwd = await temporaryFolder();
  const flags = ['--zone', 'example.com', '--name', 'www.example.com', '--simple', '192.0.2.1'];
  expect(await lbctl(['dns', 'where', '--from', 'XX', ...flags], { cwd })).toMatchObject({ code: 2 });
  expect(await lbctl(['dns', 'where', '--type', 'AAAA', ...flags], { cwd })).toMatchObject({ code: 2 });
  const none = await lbctl(['dns', 'where', '--simple', '192.0.2.1'], { cwd });
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('--zone is missing') });
  const type = await lbctl(['dns', 'where', '--type', 'mx', ...flags], { cwd });
  expect(type.stderr).toContain('there is no such record: www.example.com MX');
  expect(type.stderr).toContain('hint: there are www.example.com A');
});

test('where takes no answer for dead that there is not', async () => {
  const cwd = await temporaryFolder();
  const www = ['--zone', 'example.com', '--name', 'www.example.com'];
  const where = (...more: string[]) => lbctl(['dns', 'where', ...www, ...more], { cwd });
  const close = await where(
    '--latency',
    'us-east-1=192.0.2.1',
    '--latency',
    'eu-west-1=192.0.2.2',
    '--down',
    'us-east-2',
  );
  expect(close).toMatchObject({ code: 2, stdout: '' });
  expect(close.stderr).toContain('hint: did you mean us-east-1? there are us-east-1, eu-west-1\n');
  const nameless = await where('--simple', '192.0.2.1', '--down', '192.0.2.1');
  expect(nameless).toMatchObject({ code: 2, stderr: expect.stringContaining('no answer has a name') });
});

test('where draws nothing of records that cannot be', async () => {
  const cwd = await temporaryFolder();
  const where = (name: string, ...more: string[]) =>
    lbctl(['dns', 'where', '--zone', 'example.com', '--name', name, ...more], { cwd });
  const region = await where('www.example.com', '--latency', 'us-est-1=192.0.2.1');
  expect(region).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('mean us-east-1?') });
  const elsewhere = await where('www.example.org', '--simple', '192.0.2.1');
  expect(elsewhere).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('is not in') });
});

test('without lb.yaml, commands of dns tell the flags that do without it', async () => {
  const cwd = await temporaryFolder();
  for (const [command, flags] of [
    ['where', '--zone example.com --name www.example.com --simple 192.0.2.1'],
    ['list', '--zone example.com'],
  ] as const) {
    const told = await lbctl(['dns', command], { cwd });
    expect(told).toMatchObject({ code: 2, stderr: expect.stringContaining(`such as ${flags}\n`) });
  }
});

test('import tells what is no file of records', async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { 'program.zone': '\u007fELF\0\0\0' });
  for (const [file, message] of [
    ['program.zone', 'program.zone is no text'],
    ['.', '. is a folder'],
    ['none.zone', 'there is no none.zone'],
  ] as const) {
    const told = await lbctl(['dns', 'import', file, '--zone', 'example.com'], { cwd });
    expect(told).toMatchObject({ code: 2, stderr: expect.stringMatching(`^error: ${message}\n`) });
  }
});
