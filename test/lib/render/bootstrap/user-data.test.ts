import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Balancer } from '../../../../src/lib/balancer/schema/balancer.ts';
import { readBalancer } from '../../../../src/lib/balancer/read.ts';
import { expectedFacts } from '../../../../src/lib/providers/ec2/expected.ts';
import { LAUNCH_HOOK, userData } from '../../../../src/lib/render/bootstrap/user-data.ts';
import { substituted } from '../../../support/boot.ts';
import { findProgram, without } from '../../../support/tools.ts';

const balancerOf = (more = ''): Balancer =>
  readBalancer(
    `name: shop\nprovider: ec2\nregions: [eu-west-1]\nlisteners: { http: { port: 80 } }\n${more}\nroutes: [{ paths: { /: { respond: 204 } } }]\n`,
    'lb.yaml',
  ).balancer;
const script = (more = ''): string => userData(balancerOf(more));

const ALL = [script(), script('nginx: { modules: [geoip2, modsecurity] }\nec2: { image: debian_13 }')];
/** What EC2 takes, in bytes, before it is written in base 64. */
const MOST = 16_384;

describe('user data', () => {
  test.skipIf(without('shellcheck'))('is what ShellCheck likes', () => {
    for (const text of ALL)
      expect(
        spawnSync(findProgram('shellcheck')!, ['-'], { input: substituted(text), encoding: 'utf8' }).stdout,
      ).toBe('');
  });

  test('fits, and asks for the modules of lb.yaml', () => {
    for (const text of ALL) expect(Buffer.byteLength(text)).toBeLessThan(MOST);
    expect(ALL[1]).toContain("packages='libnginx-mod-http-geoip2 libnginx-mod-http-modsecurity'");
    expect(ALL[0]).toContain(`hook='${LAUNCH_HOOK}'`);
  });

  test('holds no words that could be put in others, and ASCII alone', () => {
    for (const text of ALL) {
      expect(text.split('\n').filter((line) => /^\s*#(?!!| shellcheck )/u.test(line))).toEqual([]);
      expect(text).toMatch(/^[\t\n -~]*$/u);
      // lines of the unit of systemd, as of all that is written by it, are no comments
      expect(text).toContain('[Unit]\nDescription=');
    }
  });

  test('leaves nothing to Fn::Sub but the names that the stack has', () => {
    for (const text of ALL)
      expect(new Set(text.match(/\$\{[^!}][^}]*\}/gu))).toStrictEqual(
        new Set(['${Releases}', '${Log}', '${AWS::Region}', '${AWS::URLSuffix}']),
      );
  });

  test('makes the user that workers run as on all systems, and the folder of their modules', () => {
    const { users, moduleConfigs, ca } = expectedFacts(balancerOf());
    for (const place of ['useradd --system --user-group', ` ${users[0]!.name} `, moduleConfigs!, ca!])
      expect(ALL[0]).toContain(place);
  });
});
