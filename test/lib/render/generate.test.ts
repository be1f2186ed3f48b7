import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { systemLayout } from '../../../src/lib/render/layout.ts';
import { render } from '../../../src/lib/render/render.ts';
import { createAuthority } from '../../support/certificates.ts';
import { refusalOf } from '../../support/nginx.ts';
import { without } from '../../support/tools.ts';

const fixtures = new URL('../../../fixtures/', import.meta.url).pathname;
const names = readdirSync(`${fixtures}generate`)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -'.yaml'.length));
const yamlOf = (name: string) => readFileSync(`${fixtures}generate/${name}.yaml`, 'utf8');

/** Fixtures for an NGINX that tests cannot have: the subscription, and releases that no package brings. */
const FOR_ANOTHER_NGINX = new Set(['plus', 'mainline', 'sticky-native']);

describe('render', () => {
  test.each(names)('%s gives the text that its fixture shows, the same each time', async (name) => {
    const text = () => {
      const { balancer } = readBalancer(yamlOf(name), `${name}.yaml`);
      const { files } = render(balancer, systemLayout(balancer.nginx.user));
      return files.map(({ path, content }) => `# configuration file ${path}:\n${content}`).join('\n');
    };
    await expect(text()).toMatchFileSnapshot(`${fixtures}generate/${name}.conf`);
    expect(text()).toBe(text());
  });
});

describe.skipIf(without('nginx', 'openssl', 'stream', 'geoip2', 'modsecurity', 'core-rules'))(
  'nginx -t accepts',
  () => {
    const files: Record<string, string> = {
      'users.htpasswd': 'ann:{PLAIN}x\n',
      'link.secret': 's3cr$et"x\\y\n',
      'jwks.json': '{"keys":[]}',
    };

    beforeAll(async () => {
      const authority = await createAuthority();
      const shop = await authority.issue(['shop.example.com', '*.example.com', '*.shop.example.com']);
      const other = await authority.issue(['other.example.com']);
      files['certs/ca.pem'] = authority.cert;
      for (const [name, { cert, key }] of Object.entries({ shop, other })) {
        files[`certs/${name}.pem`] = cert;
        files[`certs/${name}.key`] = key;
      }
    });

    test.each(names.filter((name) => !FOR_ANOTHER_NGINX.has(name)))('what %s gives', async (name) => {
      const database = `${fixtures}geoip2/city.mmdb`;
      expect(
        await refusalOf(yamlOf(name).replace('/usr/share/GeoIP/GeoLite2-City.mmdb', database), files),
      ).toBeUndefined();
    });
  },
);
