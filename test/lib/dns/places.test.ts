import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { iso31661, iso31662 } from 'iso-3166';
import { expect, test } from 'vitest';
import { allClients } from '../../../src/lib/dns/answers/client.ts';
import { check } from '../../../src/lib/dns/checks/registry.ts';
import { STATE_TILES, world } from '../../../src/lib/dns/map/world.ts';
import {
  countries,
  distance,
  readLocation,
  regions,
  states,
  writeLocation,
} from '../../../src/lib/dns/places/locations.ts';
import { a, wanted } from './records.ts';

const root = new URL('../../..', import.meta.url).pathname;
const facts = JSON.parse(readFileSync(`${root}/data/route53/locations.json`, 'utf8')) as {
  continents: Record<string, string>;
  unsupported: string;
};
const documented = Object.values(facts.continents).flatMap((codes) => codes.split(' '));

test('the table of countries is ISO 3166-1, and what Route 53 documents', () => {
  const iso = iso31661.map(({ alpha2 }) => alpha2);
  expect([...countries.keys()].toSorted()).toEqual([...iso, 'XK'].toSorted());
  expect([...documented, ...facts.unsupported.split(' ')].toSorted()).toEqual(
    [...countries.keys()].toSorted(),
  );
  const unknown = [...countries.values()].filter(({ continent }) => continent === undefined);
  expect(unknown.map(({ code }) => code).join(' ')).toBe(facts.unsupported);
});

test('the table of states is that of ISO 3166-2 without the territories, which are countries', () => {
  const iso = iso31662.flatMap(({ code }) => (code.startsWith('US-') ? [code.slice(3)] : []));
  expect(iso.filter((code) => !states.has(code)).toSorted()).toEqual(['AS', 'GU', 'MP', 'PR', 'UM', 'VI']);
  expect(states.size).toBe(51);
});

test('every documented code is taken as a location', () => {
  const texts = [
    'default',
    ...Object.keys(facts.continents).map((code) => `continent:${code}`),
    ...documented.map((code) => `country:${code}`),
    ...[...states.keys()].map((code) => `us:${code}`),
  ];
  const locations = texts.map((text) => readLocation(text)!);
  expect(locations.map(writeLocation)).toEqual(texts);
  const sets = locations.map((GeoLocation, index) => a({ SetIdentifier: `x${index}`, GeoLocation }));
  const errors = check({ wanted: wanted(sets), others: [] }).filter(({ level }) => level === 'error');
  expect(errors).toEqual([]);
});

test('clients are all countries and states', () => {
  const titles = allClients().map(({ title }) => title);
  expect(titles).toHaveLength(countries.size + states.size);
  expect(new Set(titles).size).toBe(titles.length);
});

test('places are where they are', () => {
  const [germany, fiji] = [countries.get('DE')!, countries.get('FJ')!];
  expect(distance(germany, regions.get('eu-central-1')!)).toBeLessThan(300);
  expect(distance(fiji, regions.get('ap-southeast-2')!)).toBeLessThan(4000);
  expect(distance(states.get('CA')!, regions.get('us-west-1')!)).toBeLessThan(400);
  for (const { latitude, longitude } of [...countries.values(), ...states.values(), ...regions.values()]) {
    expect(Math.abs(latitude)).toBeLessThanOrEqual(90);
    expect(Math.abs(longitude)).toBeLessThanOrEqual(180);
  }
});

test('the maps show places that there are', () => {
  const codes = new Set(
    world()
      .flat()
      .filter((code) => code !== undefined),
  );
  expect([...codes].filter((code) => !countries.has(code))).toEqual([]);
  // too far south, and too many islands in one place
  expect([...countries.keys()].filter((code) => !codes.has(code))).toEqual(['AQ', 'VG', 'VI']);
  expect(new Set(world().map((row) => row.length))).toEqual(new Set([144]));
  expect(
    STATE_TILES.flat()
      .filter((code) => code !== undefined)
      .toSorted(),
  ).toEqual([...states.keys()].toSorted());
});

test('the table is what its packages and facts say', () => {
  const file = `${root}/src/lib/dns/places/data.ts`;
  const before = readFileSync(file, 'utf8');
  execFileSync(process.execPath, ['scripts/generate-places.js'], { cwd: root });
  expect(readFileSync(file, 'utf8')).toBe(before);
});
