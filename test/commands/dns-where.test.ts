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
});
