import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

test.each([
  ['ec2', '', 'lbctl generate --file shop.yaml --target cloudformation prints the template'],
  [
    'lightsail',
    'lightsail: { ssh_from: [203.0.113.7] }',
    'lbctl generate --file shop.yaml prints the configuration of NGINX',
  ],
])('without an account %s can be looked at all the same', async (provider, keys, shows) => {
  const folder = await temporaryFolder();
  writeFileSync(
    join(folder, 'shop.yaml'),
    `name: shop
provider: ${provider}
regions: [eu-west-1]
${keys}
listeners: { http: { port: 80 } }
upstreams: { web: [10.1.4.11:8080] }
routes: [{ paths: { /: web } }]
`,
  );
  const env = {
    HOME: folder,
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_PROFILE: '',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const told = await lbctl(['plan', '--file', 'shop.yaml'], { cwd: folder, env });
  expect([told.code, told.stderr]).toEqual([4, expect.stringContaining(`; without an account ${shows}\n`)]);
  const generate = shows.split(' prints')[0]!.split(' ').slice(1);
  expect((await lbctl(generate, { cwd: folder, env })).code).toBe(0);
});
