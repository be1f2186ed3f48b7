import { expect, test } from 'vitest';
import { allClients } from '../../../src/lib/dns/answers/client.ts';
import { askAll, audiences } from '../../../src/lib/dns/answers/everywhere.ts';
import { resolver } from '../../../src/lib/dns/answers/resolve.ts';
import { audienceOf } from '../../../src/lib/dns/map/svg.ts';
import { STATE_TILES, world } from '../../../src/lib/dns/map/world.ts';
import { plainStyle } from '../../../src/lib/ui/style.ts';
import { renderWorld } from '../../../src/lib/ui/where.ts';

const sets = [
  { Region: 'us-east-1', Value: '192.0.2.1' },
  { Region: 'eu-west-1', Value: '192.0.2.2' },
].map(({ Region, Value }) => ({
  Name: 'www.example.com.',
  Type: 'A',
  TTL: 60,
  SetIdentifier: Region,
  Region,
  ResourceRecords: [{ Value }],
}));
const answered = askAll(resolver({ sets }), 'www.example.com.', 'A', allClients());
const told = {
  title: 'www.example.com A',
  answered,
  audiences: audiences(answered),
  world: world(),
  states: STATE_TILES,
  audienceOf,
};

/** The lines of the map. */
function mapAt(width: number, style = plainStyle): readonly string[] {
  const [, map = ''] = renderWorld(told, width, style).split('\n\n');
  return map === '' ? [] : map.split('\n');
}

test('the world is as wide as the terminal lets it be, and left out where there is no room', () => {
  const widest = [144, 80, 40, 30].map((width) => Math.max(0, ...mapAt(width).map(({ length }) => length)));
  expect(widest[0]).toBeGreaterThan(72);
  expect(widest[1]).toBeGreaterThan(40);
  expect(widest[1]).toBeLessThanOrEqual(72);
  expect(widest[2]).toBeGreaterThan(20);
  expect(widest[2]).toBeLessThanOrEqual(36);
  expect(widest[3]).toBe(0);
  expect(mapAt(40).join('')).toMatch(/a.*b/u);
  expect(renderWorld(told, 30, plainStyle)).toContain('192.0.2.2');
});

test('what has one colour is painted at once, and the colours change nothing of the map', () => {
  const marked = {
    ...plainStyle,
    cyan: (text: string) => `<${text}>`,
    yellow: (text: string) => `[${text}]`,
  };
  const painted = mapAt(80, marked);
  expect(painted.map((line) => line.replaceAll(/[<>[\]]/gu, ''))).toEqual(mapAt(80));
  for (const line of painted) expect(line).not.toMatch(/> *<|\] *\[/u);
});
