import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stackTemplate } from '../../../../src/lib/providers/ec2/template.ts';
import { seedJson, templateJson, templateYaml } from '../../../../src/lib/render/cloudformation/write.ts';
import { temporaryFolder, writeFiles } from '../../../support/folder.ts';
import { without } from '../../../support/tools.ts';
import { balancerOf, stacks } from './stacks.ts';

describe.skipIf(without('cfn-lint'))('cfn-lint', () => {
  // one process for all: it takes a second to start
  test(
    'finds nothing in the templates of all fixtures, and what is wrong in one',
    { timeout: 120_000 },
    async () => {
      const templates = stacks.flatMap((name) => {
        const balancer = balancerOf(name);
        const regions = balancer.regions ?? [undefined];
        return regions.map((region) => [
          `${name}-${region ?? 'any'}.yaml`,
          templateYaml(stackTemplate(balancer, region)),
        ]);
      });
      templates.push(['seed.json', seedJson(stackTemplate(balancerOf('smallest')))]);
      expect(templates.length).toBeGreaterThan(30);
      const wrong = templateJson(stackTemplate(balancerOf('smallest'))).replace('"Scheme"', '"Schema"');
      const folder = await temporaryFolder();
      await writeFiles(folder, { ...Object.fromEntries(templates), 'wrong.json': wrong });
      const { stdout } = spawnSync(
        'cfn-lint',
        ['--format', 'json', ...templates.map(([name]) => join(folder, name!)), join(folder, 'wrong.json')],
        { encoding: 'utf8' },
      );
      const found = (JSON.parse(stdout) as { Filename: string; Rule: { Id: string } }[]).map(
        ({ Filename, Rule }) => `${Filename.slice(folder.length + 1)} ${Rule.Id}`,
      );
      expect(found).toEqual(['wrong.json E3002']);
    },
  );
});
