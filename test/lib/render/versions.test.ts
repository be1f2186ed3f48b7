import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { lint } from '../../../src/lib/lint/engine/lint.ts';
import { loadConfiguration } from '../../../src/lib/nginx/include/load.ts';
import { atLeast } from '../../../src/lib/nginx/version.ts';
import { systemLayout } from '../../../src/lib/render/layout.ts';
import { render } from '../../../src/lib/render/render.ts';

const root = new URL('../../../', import.meta.url).pathname;
const VERSIONS = Array.from({ length: 14 }, (_, index) => `1.${18 + index}`);
const fixtures = readdirSync(`${root}fixtures/generate`).filter((name) => name.endsWith('.yaml'));

/** What is true of these configurations, and why they are as they are. */
const DEFENDED: Readonly<Record<string, string>> = {
  'cve/2026-1642': 'servers that want TLS are spoken to by TLS; only another NGINX mends this',
  'cve/2026-42055': 'gRPC needs HTTP/2; only another NGINX mends this',
};

describe.each(fixtures)('%s', (fixture) => {
  const yaml = readFileSync(`${root}fixtures/generate/${fixture}`, 'utf8');
  const { balancer } = readBalancer(yaml, fixture);
  const targets = VERSIONS.filter((version) => atLeast(version, balancer.nginx.version));

  test.each(targets)('is written for NGINX %s as that NGINX takes it', (version) => {
    const { files } = render(
      { ...balancer, nginx: { ...balancer.nginx, version } },
      systemLayout('www-data'),
    );
    const texts = new Map(files.map(({ path, content }) => [`/etc/nginx/${path}`, content]));
    const loaded = loadConfiguration('/etc/nginx/nginx.conf', {
      read: (path) => texts.get(path),
      list: () => undefined,
    });
    // the layout's own includes, such as those of modules, lie on the machine
    const findings = lint(loaded, { target: { version, plus: balancer.nginx.plus } }).filter(
      ({ rule, severity }) =>
        severity !== 'info' && !rule.endsWith('-include') && !Object.hasOwn(DEFENDED, rule),
    );
    expect(findings).toEqual([]);
  });
});
