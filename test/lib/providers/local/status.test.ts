import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lbctl } from '../../../support/cli.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { freePort } from '../../../support/ports.ts';
import { endNginx } from '../../../support/processes.ts';
import { without } from '../../../support/tools.ts';

test.skipIf(without('nginx'))(
  'servers that what serves does not know yet are told as those of lb.yaml',
  async () => {
    const folder = await temporaryFolder();
    const run = (...args: string[]) => lbctl(args, { cwd: folder });
    const port = await freePort();
    const lead = (to: number) =>
      writeFileSync(
        join(folder, 'lb.yaml'),
        `name: shop\nlisteners: { http: { port: ${port} } }\nupstreams: { web: [127.0.0.1:${to}] }\nroutes: [{ paths: { /: web } }]\n`,
      );
    lead(await freePort());
    try {
      expect((await run('up', '--watch', '0')).code).toBe(0);
      const before = (await run('status')).stdout;
      expect(before).toContain('upstream web\n');
      expect(before).toContain('! no server of upstream web can be reached');
      lead(await freePort());
      const after = (await run('status')).stdout;
      expect(after).toContain('upstream web, as lb.yaml has it now\n');
      expect(after).toContain('! no server of upstream web, as lb.yaml has it now, can be reached');
    } finally {
      await endNginx(join(folder, '.lbctl'));
    }
  },
);
