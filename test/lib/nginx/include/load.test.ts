import { describe, expect, test } from 'vitest';
import { readDump } from '../../../../src/lib/nginx/include/dump.ts';
import { type Files, loadConfiguration } from '../../../../src/lib/nginx/include/load.ts';

/** Files in memory; folders are what their paths say. */
function filesOf(texts: Readonly<Record<string, string>>): Files {
  return {
    read: (path) => texts[path],
    list(folder) {
      const prefix = folder === '/' ? '/' : `${folder}/`;
      const inside = Object.keys(texts).filter((path) => path.startsWith(prefix));
      return inside.length === 0 ? undefined : inside.map((path) => path.slice(prefix.length).split('/')[0]!);
    },
  };
}

const load = (texts: Readonly<Record<string, string>>, part = false) =>
  loadConfiguration('/etc/nginx/nginx.conf', filesOf(texts), { part });
const namesIn = (texts: Readonly<Record<string, string>>) => load(texts).files.map(({ name }) => name);

describe('includes', () => {
  test('are relative to the folder of the main file, from other folders, too', () => {
    const names = namesIn({
      '/etc/nginx/nginx.conf': 'include conf.d/a.conf;',
      '/etc/nginx/conf.d/a.conf': 'include b.conf; include /srv/c.conf; include ../up.conf;',
      '/etc/nginx/b.conf': '',
      '/srv/c.conf': '',
      '/etc/up.conf': '',
    });
    expect(names).toEqual([
      '/etc/nginx/nginx.conf',
      '/etc/nginx/conf.d/a.conf',
      '/etc/nginx/b.conf',
      '/srv/c.conf',
      '/etc/up.conf',
    ]);
  });

  test('come in the order of their bytes where a pattern names them, hidden files aside', () => {
    const names = namesIn({
      '/etc/nginx/nginx.conf': 'include sites/*.conf;',
      '/etc/nginx/sites/b.conf': '',
      '/etc/nginx/sites/B.conf': '',
      '/etc/nginx/sites/10.conf': '',
      '/etc/nginx/sites/9.conf': '',
      '/etc/nginx/sites/.hidden.conf': '',
      '/etc/nginx/sites/a.bak': '',
    });
    expect(names.slice(1).map((name) => name.split('/').at(-1))).toEqual([
      '10.conf',
      '9.conf',
      'B.conf',
      'b.conf',
    ]);
  });

  test('may have patterns in folders', () => {
    const names = namesIn({
      '/etc/nginx/nginx.conf': 'include tenants/*/[a-m]*.conf;',
      '/etc/nginx/tenants/x/app.conf': '',
      '/etc/nginx/tenants/x/zoo.conf': '',
      '/etc/nginx/tenants/y/app.conf': '',
    });
    expect(names.slice(1)).toEqual(['/etc/nginx/tenants/x/app.conf', '/etc/nginx/tenants/y/app.conf']);
  });

  test('of one file in two places read it once', () => {
    const loaded = load({
      '/etc/nginx/nginx.conf': 'http { server { include p; } server { include p; } }',
      '/etc/nginx/p': 'gzip on;',
    });
    expect(loaded.files).toHaveLength(2);
    expect(loaded.problems).toEqual([]);
  });

  test.each([
    [
      'a file that is not there',
      { '/etc/nginx/nginx.conf': 'include a.conf;' },
      ['reliability/missing-include'],
    ],
    ['a pattern without files', { '/etc/nginx/nginx.conf': 'include a/*.conf;' }, ['style/empty-include']],
    ['the file itself', { '/etc/nginx/nginx.conf': 'include nginx.conf;' }, ['syntax/include-cycle']],
    [
      'a file that leads back',
      {
        '/etc/nginx/nginx.conf': 'include a.conf;',
        '/etc/nginx/a.conf': 'include b.conf;',
        '/etc/nginx/b.conf': 'include a.conf;',
      },
      ['syntax/include-cycle'],
    ],
    [
      'the file itself by a pattern',
      { '/etc/nginx/nginx.conf': 'include *.conf;' },
      ['syntax/include-cycle'],
    ],
  ])('tell of %s', (_, texts, rules) => {
    const { problems, main } = load(texts);
    expect(problems.map(({ rule }) => rule)).toEqual(rules);
    expect(problems[0]!.start).toBe(
      main.document.text.includes('a.conf') || problems[0]!.file !== main
        ? 8
        : main.document.text.indexOf(' ') + 1,
    );
  });

  test('may be for a folder that is still empty', () => {
    const rules = (texts: Readonly<Record<string, string>>): string[] =>
      load(texts).problems.map(({ rule }) => rule);
    const main = { '/etc/nginx/nginx.conf': 'include conf.d/*.conf;' };
    expect(rules({ ...main, '/etc/nginx/conf.d/.keep': '' })).toEqual([]);
    expect(rules({ ...main, '/etc/nginx/conf.d/a.cnf': '' })).toEqual(['style/empty-include']);
    const tenants = { '/etc/nginx/nginx.conf': 'include tenants/*/*.conf;' };
    expect(rules({ ...tenants, '/etc/nginx/tenants/x/.keep': '' })).toEqual([]);
    expect(rules(tenants)).toEqual(['style/empty-include']);
  });

  test('of files that NGINX brings leave nothing unknown when they are missing', () => {
    expect(load({ '/etc/nginx/nginx.conf': 'http { include mime.types; }' }).complete).toBe(true);
    expect(load({ '/etc/nginx/nginx.conf': 'http { include own.conf; }' }).complete).toBe(false);
  });

  test('of a part are looked for in the folders around it', () => {
    const files = filesOf({
      '/etc/nginx/conf.d/site.conf': 'include snippets/tls.conf; include nowhere.conf;',
      '/etc/nginx/snippets/tls.conf': 'ssl_protocols TLSv1.3;',
    });
    const loaded = loadConfiguration('/etc/nginx/conf.d/site.conf', files, { part: true });
    expect(loaded.files.map(({ name }) => name)).toEqual([
      '/etc/nginx/conf.d/site.conf',
      '/etc/nginx/snippets/tls.conf',
    ]);
    expect(loaded.problems).toEqual([]);
  });
});

describe('what nginx -T prints', () => {
  const dump = `nginx: the configuration file /etc/nginx/nginx.conf syntax is ok
nginx: configuration file /etc/nginx/nginx.conf test is successful
# configuration file /etc/nginx/nginx.conf:
events {}
http { include conf.d/*.conf; }

# configuration file /etc/nginx/conf.d/a.conf:
server { listen 80; }
`;

  test('is read as the files that it was made of', () => {
    const { main, files } = readDump(dump)!;
    expect(main).toBe('/etc/nginx/nginx.conf');
    const loaded = loadConfiguration(main, files);
    expect(loaded.files.map(({ name, document }) => [name, document.text])).toEqual([
      ['/etc/nginx/nginx.conf', 'events {}\nhttp { include conf.d/*.conf; }\n'],
      ['/etc/nginx/conf.d/a.conf', 'server { listen 80; }'],
    ]);
  });

  test('is told from a file that has such a comment', () => {
    expect(readDump('events {}\n# configuration file /a:\n')).toBeUndefined();
    expect(readDump('events {}')).toBeUndefined();
  });
});
