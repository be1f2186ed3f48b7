import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readBalancer } from '../../../../src/lib/balancer/read.ts';
import type { Balancer } from '../../../../src/lib/balancer/schema/balancer.ts';
import { agreedLayout } from '../../../../src/lib/providers/ssh/agree.ts';
import { type Facts, readFacts } from '../../../../src/lib/providers/ssh/facts.ts';
import type { Known } from '../../../../src/lib/providers/ssh/hosts.ts';
import { layoutOf, placesOf, workersOf } from '../../../../src/lib/providers/ssh/places.ts';
import { forNodes, warningsOf } from '../../../../src/lib/providers/ssh/target.ts';
import type { Layout } from '../../../../src/lib/render/layout.ts';
import { render } from '../../../../src/lib/render/render.ts';

/** What `node.sh facts` says on machines with these packages. */
function facts(name: string): Facts {
  const path = new URL(`../../../../fixtures/facts/${name}.txt`, import.meta.url);
  return readFacts(readFileSync(path, 'utf8'));
}

function balancer(more = ''): Balancer {
  return loaded(more).balancer;
}

function loaded(more: string) {
  const text = `name: shop
provider: ssh
nodes: [a, b]
${more}
upstreams: { web: [10.0.0.1:80] }
listeners: { http: { port: 80 }${more.includes('# streams') ? ', tcp: { port: 90, protocol: tcp, upstream: web }' : ''} }
routes: [{ paths: { /: { upstream: web${more.includes('# curve') ? ', request_headers: { X-Curve: $ssl_curve }' : ''} } } }]
`;
  return { ...readBalancer(text, 'lb.yaml'), file: 'lb.yaml', folder: '/' };
}

const layout = (name: string, of: Balancer = balancer()): Layout =>
  layoutOf(name, facts(name).nginx!, facts(name), of);

const LINUX = {
  conf: '/etc/nginx/nginx.conf',
  errorLog: '/var/log/nginx/error.log',
  accessLog: '/var/log/nginx/access.log',
};

describe('places', () => {
  test.each([
    [
      'debian-12',
      {
        ...LINUX,
        pid: '/run/nginx.pid',
        cacheFolder: '/var/lib/nginx/cache',
        modules: '/etc/nginx/modules-enabled/*.conf',
      },
    ],
    [
      'ubuntu-24.04',
      {
        ...LINUX,
        pid: '/run/nginx.pid',
        cacheFolder: '/var/lib/nginx/cache',
        modules: '/etc/nginx/modules-enabled/*.conf',
      },
    ],
    [
      'amazon-linux-2023',
      {
        ...LINUX,
        pid: '/run/nginx.pid',
        cacheFolder: '/var/lib/nginx/tmp/cache',
        modules: '/usr/share/nginx/modules/*.conf',
      },
    ],
    [
      'nginx-org-debian',
      {
        ...LINUX,
        pid: '/run/nginx.pid',
        cacheFolder: '/var/cache/nginx/cache',
        modules: '/etc/nginx/modules/*.conf',
      },
    ],
    [
      'nginx-org-rpm',
      {
        ...LINUX,
        pid: '/var/run/nginx.pid',
        cacheFolder: '/var/cache/nginx/cache',
        modules: '/etc/nginx/modules/*.conf',
      },
    ],
    [
      'bitnami',
      {
        conf: '/opt/bitnami/nginx/conf/nginx.conf',
        pid: '/opt/bitnami/nginx/tmp/nginx.pid',
        errorLog: '/opt/bitnami/nginx/logs/error.log',
        accessLog: '/opt/bitnami/nginx/logs/access.log',
        cacheFolder: '/opt/bitnami/nginx/cache',
        modules: '/opt/bitnami/nginx/modules/*.conf',
      },
    ],
    [
      'source',
      {
        conf: '/usr/local/nginx/conf/nginx.conf',
        pid: '/usr/local/nginx/run/web.pid',
        errorLog: '/usr/local/nginx/logs/error.log',
        accessLog: '/usr/local/nginx/logs/access.log',
        cacheFolder: '/usr/local/nginx/cache',
        modules: '/usr/local/nginx/modules/*.conf',
      },
    ],
  ])('%s', (name, places) => {
    expect(placesOf(facts(name).nginx!, facts(name))).toEqual(places);
  });

  test.each([
    ['debian-12', 'www-data', 'www-data'],
    ['amazon-linux-2023', 'nginx', 'nginx'],
    ['nginx-org-debian', 'nginx', 'nginx'],
    ['bitnami', 'daemon', 'daemon'],
    ['source', 'web', 'apps'],
  ])('workers of %s are %s:%s', (name, user, group) => {
    expect(workersOf(facts(name))).toEqual({ user, group });
  });

  test('a group of another name than the user is named', () => {
    expect(render(balancer(), layout('source')).files[0]!.content).toContain('\nuser web apps;\n');
    expect(render(balancer(), layout('bitnami')).files[0]!.content).toContain('\nuser daemon;\n');
  });
});

test('facts of a node without NGINX', () => {
  expect(facts('without-nginx')).toMatchObject({ nginx: null, curl: false, unit: null, moduleConfigs: null });
});

describe('versions', () => {
  test.each([
    ['nginx/1.22.1', '1.22.1', false],
    ['nginx/1.24.0 (Ubuntu)', '1.24.0', false],
    ['nginx/1.27.4 (nginx-plus-r34)', '1.27.4', true],
    ['openresty/1.25.3.1', '1.25.3', false],
  ])('%s', (text, version, plus) => {
    expect(readFacts(`nginx\t/n\nversion\t${text}\nbuilt\t--a\n`).nginx).toMatchObject({ version, plus });
  });

  test('what is no NGINX is none', () => {
    expect(readFacts('nginx\t/n\nversion\tHello\n').nginx).toBeNull();
  });
});

describe('modules', () => {
  const streams = balancer('# streams');

  test('are loaded by what the package has', () => {
    expect(layout('debian-12', streams).loads).toEqual([]);
    expect(layout('nginx-org-rpm', streams).loads).toEqual([]);
  });

  test('are loaded where nothing does', () => {
    const path = '/usr/lib64/nginx/modules/ngx_stream_module.so';
    expect(layout('amazon-linux-2023', streams).loads).toEqual([path]);
    const { content } = render(streams, layout('amazon-linux-2023', streams)).files[0]!;
    expect(content).toContain(`include /usr/share/nginx/modules/*.conf;\nload_module ${path};`);
  });

  test('have to be installed', () => {
    expect(() => layout('ubuntu-24.04', streams)).toThrow(
      'ngx_stream_module.so, which is not installed on ubuntu-24.04',
    );
  });
});

describe('one configuration for all', () => {
  const agreed = (names: readonly string[], of = balancer()) =>
    agreedLayout(new Map(names.map((name) => [name, layout(name, of)])), of);

  test('holds where nothing differs that it depends on', () => {
    expect(agreed(['debian-12', 'ubuntu-24.04'])).toEqual(layout('debian-12'));
    const other = { ...layout('debian-12'), systemCa: '/other.pem', cacheFolder: '/other' };
    expect(
      agreedLayout(
        new Map([
          ['a', layout('debian-12')],
          ['b', other],
        ]),
        balancer(),
      ),
    ).toEqual(layout('debian-12'));
  });

  test('is not to be had from different packages: all that differs is told', () => {
    let thrown: unknown;
    try {
      agreed(['debian-12', 'ubuntu-24.04', 'nginx-org-rpm']);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      kind: 'failed',
      evidence: [
        'user: www-data on debian-12, ubuntu-24.04; nginx on nginx-org-rpm',
        'pid file: /run/nginx.pid on debian-12, ubuntu-24.04; /var/run/nginx.pid on nginx-org-rpm',
        'files that load modules: /etc/nginx/modules-enabled/*.conf on debian-12, ubuntu-24.04; /etc/nginx/modules/*.conf on nginx-org-rpm',
      ],
    });
  });

  test('folders of caches count where there are caches', () => {
    const cached = balancer('caches: { pages: 10m }');
    const other = { ...layout('debian-12'), cacheFolder: '/other' };
    const both = new Map([
      ['a', layout('debian-12')],
      ['b', other],
    ]);
    expect(() => agreedLayout(both, cached)).toThrow('the nodes differ');
  });
});

describe('the NGINX that it is written for', () => {
  const known = (name: string, ahead = 0): Known => ({
    name,
    facts: facts(name),
    nginx: facts(name).nginx!,
    ahead,
    node: undefined as never,
  });

  test('is the oldest one', () => {
    const all = ['amazon-linux-2023', 'debian-12', 'bitnami'].map((name) => known(name));
    expect(forNodes(loaded(''), all).nginx.version).toBe('1.22.1');
    expect(forNodes(loaded('nginx: { version: "1.20" }'), all).nginx.version).toBe('1.20');
  });

  test('is as new as lb.yaml says', () => {
    const named = loaded('nginx: { version: "1.28" }');
    expect(() => forNodes(named, [known('amazon-linux-2023'), known('debian-12')])).toThrow(
      'the balancer is written for NGINX 1.28 or newer, and debian-12 has 1.22.1',
    );
    expect(() => forNodes(loaded('nginx: { plus: true }'), [known('debian-12')])).toThrow('NGINX Plus');
  });

  test('that is too old for what the balancer asks for is told with the place', () => {
    const old = { ...known('debian-12'), nginx: { ...facts('debian-12').nginx!, version: '1.18.0' } };
    const wants = loaded('# curve');
    expect(() => forNodes(wants, [known('debian-12')])).not.toThrow();
    expect(() => forNodes(wants, [old])).toThrow('lb.yaml has 1 problem');
    expect(() => forNodes(wants, [{ ...old, nginx: { ...old.nginx, version: '1.16.1' } }])).toThrow(
      '1.18.0 or newer',
    );
  });

  test('runs at the same time, and has room', () => {
    expect(warningsOf(known('debian-12', 30))).toEqual([]);
    expect(warningsOf(known('debian-12', -31))).toEqual([
      'the clock of debian-12 says 2026-11-21 14:27:06 UTC, and the one here 2026-11-21 14:27:37 UTC: timedatectl set-ntp true sets it',
    ]);
    expect(warningsOf(known('source'))).toEqual(['source has 39 MB left for releases']);
  });
});
