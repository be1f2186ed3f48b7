import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

test.each(['plan', 'generate'])('%s tells what is hardly meant, beside what it shows', async (command) => {
  const cwd = await temporaryFolder();
  writeFileSync(
    join(cwd, 'lb.yaml'),
    'name: shop\nlisteners: { https: { port: 8080 } }\nupstreams: { web: [127.0.0.1:9001] }\nroutes: [{ paths: { /: web } }]\n',
  );
  const { code, stdout, stderr } = await lbctl([command], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain('8080');
  expect(stderr).toMatch(/^! listener https has no tls, so it speaks plain HTTP on port 8080; add tls: /mu);
});
