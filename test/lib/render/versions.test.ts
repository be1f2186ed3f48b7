import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import type { Balancer } from '../../../src/lib/balancer/schema/balancer.ts';
import type { Built, BuiltStatement } from '../../../src/lib/nginx/build.ts';
import { readFragment } from '../../../src/lib/nginx/fragment.ts';
import { atLeast } from '../../../src/lib/nginx/version.ts';
import { systemLayout } from '../../../src/lib/render/layout.ts';
import { render } from '../../../src/lib/render/render.ts';

interface Shape {
  readonly name: string;
  readonly contexts: readonly string[];
  readonly releases: readonly (readonly [string | null, string | null])[];
  readonly args?: readonly number[];
  readonly minArgs?: number;
}

const root = new URL('../../../', import.meta.url).pathname;
const data = JSON.parse(readFileSync(`${root}data/nginx/directives.json`, 'utf8')) as {
  directives: Shape[];
  documented: Record<string, { context: string[]; plus: boolean }[]>;
};
const shapes = groupByName();

function groupByName(): Map<string, Shape[]> {
  const groups = new Map<string, Shape[]>();
  for (const shape of data.directives) groups.set(shape.name, [...(groups.get(shape.name) ?? []), shape]);
  return groups;
}

const VERSIONS = Array.from({ length: 14 }, (_, index) => `1.${18 + index}`);

/** Blocks whose lines are data, not directives. */
const TABLES = new Set(['map', 'geo', 'split_clients', 'types', 'geoip2']);

/** Directives of modules that are not NGINX's own. */
const THIRD_PARTY = /^(?:geoip2|modsecurity)/u;

/** In NGINX Plus long before they came to open source NGINX. */
const ALWAYS_IN_PLUS = new Set(['sticky', 'least_time']);

const word = (value: Built['name']) => (typeof value === 'string' ? value : value.raw);

/** What is wrong with the directives of a block for a target, by NGINX's own tables. */
function faults(statements: readonly BuiltStatement[], context: string, nginx: Balancer['nginx']): string[] {
  return statements.flatMap((statement): string[] => {
    if (statement.kind !== 'directive') return [];
    const name = word(statement.name);
    if (THIRD_PARTY.test(name)) return [];
    const known = shapes
      .get(name)
      ?.some((shape) => fits(shape, context, statement.args.length, nginx.version));
    const documented = data.documented[name]?.some((entry) => entry.plus && entry.context.includes(context));
    const plus = nginx.plus && (documented || ALWAYS_IN_PLUS.has(name));
    const mine = known || plus ? [] : [`${name} with ${statement.args.length} arguments in ${context}`];
    return statement.block && !TABLES.has(name)
      ? [...mine, ...faults(statement.block, inner(context, name), nginx)]
      : mine;
  });
}

function fits(shape: Shape, context: string, count: number, version: string): boolean {
  const within = shape.releases.some(
    ([first, last]) =>
      (first === null || atLeast(version, first)) &&
      (last === null || !atLeast(version, last) || version === last),
  );
  const here = shape.contexts.includes(context) || shape.contexts.includes('any');
  return within && here && (shape.args?.includes(count) ?? count >= (shape.minArgs ?? 0));
}

function inner(context: string, name: string): string {
  if (name === 'if') return `if in ${context}`;
  if (context.startsWith('stream')) return `stream.${name}`;
  return name;
}

/** Context of a file, by where it is included. */
function contextOf(path: string): string {
  if (path === 'nginx.conf') return 'main';
  if (path.startsWith('tls/')) return path.startsWith('tls/stream') ? 'stream.server' : 'server';
  return 'http';
}

const fixtures = readdirSync(`${root}fixtures/generate`).filter((name) => name.endsWith('.yaml'));

describe.each(fixtures)('%s', (fixture) => {
  const yaml = readFileSync(`${root}fixtures/generate/${fixture}`, 'utf8');
  const { balancer } = readBalancer(yaml, fixture);
  const targets = VERSIONS.filter((version) => atLeast(version, balancer.nginx.version));

  test.each(targets)('is written for NGINX %s in directives that it has', (version) => {
    const target = { ...balancer, nginx: { ...balancer.nginx, version } };
    const { files } = render(target, systemLayout('www-data'));
    const wrong = files.flatMap(({ path, content }) => {
      const read = readFragment(content);
      if ('problem' in read) return [`${path}: ${read.problem.message}`];
      return faults(read.statements, contextOf(path), target.nginx).map((fault) => `${path}: ${fault}`);
    });
    expect(wrong).toEqual([]);
  });
});
