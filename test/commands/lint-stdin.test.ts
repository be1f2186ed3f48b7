import { spawnSync } from 'node:child_process';
import { beforeEach, describe, expect, test } from 'vitest';
import { lbctl, PROGRAM } from '../support/cli.ts';
import { type Files, temporaryFolder, writeFiles } from '../support/folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
const put = (files: Files) => writeFiles(folder, files);
const run = (...args: string[]) => lbctl(['lint', ...args], { cwd: folder });
const feed = (input: string, ...args: string[]) => lbctl(['lint', ...args], { cwd: folder, input });

describe('stdin', () => {
  test('is read with - and with --stdin', async () => {
    expect(await feed('location / { retrun 200; }', '-')).toMatchObject({ code: 1 });
    const { stdout } = await feed('location / { retrun 200; }', '--stdin');
    expect(stdout).toContain('<stdin>:1:14: error: there is no directive retrun');
  });

  test('without anything in it is what a command leaves that failed', async () => {
    for (const nothing of ['', ' \n\n'])
      expect(await feed(nothing, '-')).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('nothing came in to look at') as string,
      });
  });

  test('may be a pipe or a device that is named', async () => {
    const shell = (line: string) =>
      spawnSync('bash', ['-c', line, PROGRAM], { cwd: folder, encoding: 'utf8' });
    const { status, stdout } = shell('node "$0" lint <(echo "location / { retrun 200; }")');
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining('no directive retrun') });
    await put({ 'a.conf': 'events {}\n' });
    const two = shell('node "$0" lint a.conf <(echo "events {}")');
    expect(two).toMatchObject({ status: 2, stderr: expect.stringContaining('lone, by stdin') });
    expect(await run('/dev/null')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing came in') as string,
    });
    expect(await run('/dev/zero')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('/dev/zero has more than 256 MB') as string,
    });
  });

  test('may be what nginx -T prints', async () => {
    const dump = `# configuration file /etc/nginx/nginx.conf:
events {}
http { include conf.d/*.conf; }

# configuration file /etc/nginx/conf.d/a.conf:
server {
    listen 80 ssl;
}
`;
    const { code, stdout } = await feed(dump, '-');
    expect(code).toBe(1);
    expect(stdout).toContain('/etc/nginx/conf.d/a.conf:2:5: error: there is no ssl_certificate');
    await put({ 'dump.txt': dump });
    expect((await run('dump.txt')).stdout).toBe(stdout);
  });
});
