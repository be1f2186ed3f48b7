import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lbctl } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

const fixtures = new URL('../../fixtures/cloudformation/', import.meta.url).pathname;
const generate = (name: string, ...more: string[]) =>
  lbctl(['generate', '--target', 'cloudformation', '--file', `${fixtures}${name}.yaml`, ...more], {
    cwd: fixtures,
  });

test('a template is printed with what deploys it, and says where it is too large for a call', async () => {
  const small = await generate('tags');
  expect(small).toMatchObject({ code: 0, stdout: expect.stringMatching(/^# Written by lbctl/u) as string });
  expect(small.stderr.split('\n')[1]).toBe(
    "to use it without lbctl: aws cloudformation deploy --template-file template.yaml --stack-name lbctl-shop --capabilities CAPABILITY_IAM --tags 'team=web' 'cost:centre=4711' 'lbctl:balancer=shop'",
  );
  const large = await generate('many-listeners');
  expect(large.stderr).toMatch(/ --s3-bucket BUCKET$/mu);
  expect(large.stderr).toContain(
    'larger than the 51200 bytes that a call can hold, so it has to come from S3',
  );
});

test('there is one a Region, on paper and as a document, or the one that is asked for', async () => {
  const folder = await temporaryFolder();
  expect(await generate('tls-regions', '--out', folder)).toMatchObject({ code: 0, stdout: '' });
  expect(readdirSync(folder).filter((name) => name.endsWith('.yaml'))).toEqual([
    'template-eu-west-1.yaml',
    'template-us-east-1.yaml',
  ]);
  expect(readFileSync(join(folder, 'template-us-east-1.yaml'), 'utf8')).toContain('arn:aws:acm:us-east-1:');
  const { stdout } = await generate('tls-regions', '--json');
  const { templates } = JSON.parse(stdout) as { templates: { region: string; inline: boolean }[] };
  expect(templates.map(({ region, inline }) => [region, inline])).toEqual([
    ['eu-west-1', true],
    ['us-east-1', true],
  ]);
  const one = await generate('tls-regions', '--region', 'us-east-1');
  expect(one.stdout).not.toContain('eu-west-1');
});

test('what is no target, no stack and no Region of it is told', async () => {
  const cwd = new URL('../../fixtures/generate/', import.meta.url).pathname;
  const run = (...args: string[]) => lbctl(['generate', ...args], { cwd });
  expect(await run('--file', 'limits.yaml', '--target', 'cloudformation')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('hint: write provider: ec2') as string,
  });
  expect(await run('--file', 'limits.yaml', '--target', 'terraform')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is no target terraform') as string,
  });
  expect(await generate('tls-regions', '--region', 'eu-north-1')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('take one of eu-west-1, us-east-1') as string,
  });
});
