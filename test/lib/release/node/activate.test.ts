import { createServer } from 'node:net';
import { chmod, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { serve, startHttp } from '../../../support/backends.ts';
import { createAuthority } from '../../../support/certificates.ts';
import { request } from '../../../support/client.ts';
import { temporaryFolder } from '../../../support/folder.ts';
import { freePort } from '../../../support/ports.ts';
import { processesOf } from '../../../support/processes.ts';
import { without } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';
import { startNode, type TestNode } from './node.ts';

describe.skipIf(without('nginx', 'curl'))('activate', () => {
  let node: TestNode;
  beforeAll(async () => {
    node = await startNode();
  });

  /** Nothing of a run that did not end well may be left, and what served goes on. */
  const unchanged = async (release = 'first'): Promise<void> => {
    expect(await readlink(node.link)).toBe(`releases/${release}`);
    expect(await node.served()).toBe(release);
    expect(await node.leftovers()).toEqual([]);
  };

  test('keeps a release that serves', async () => {
    await node.add('kept');
    const told = await node.activate('kept', { settings: { who: 'me', about: 'a test' } });
    expect(told).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    expect(told.all('step').map((line) => line.split('\t')[0])).toEqual([
      'checking',
      'switching',
      'reloading',
      'confirming',
      'probing',
      'watching',
      'keeping',
    ]);
    await unchanged('kept');
    const [, ...entry] = (await node.history()).at(-1)!;
    expect(entry).toEqual(['me', 'deploy', 'kept', 'releases/first', 'kept', 'a test']);
    expect(await node.activate('first')).toMatchObject({ code: 0, stderr: '' });
  });

  test('the same release again', async () => {
    expect(await node.activate('first')).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    await unchanged();
  });

  test('refuses what NGINX refuses', async () => {
    await node.add('syntax', { server: 'retrun 200;' });
    const told = await node.activate('syntax');
    expect(told).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
    expect(told.first('failed')).toMatch(/^check\t/u);
    expect(told.first('evidence')).toMatch(/unknown directive "retrun".*conf\.d\/server\.conf:1$/u);
    await unchanged();
    expect((await node.history()).at(-1)![5]).toBe('refused');
  });

  test('refuses a release that is not there', async () => {
    const told = await node.activate('nowhere');
    expect(told).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
    expect(told.first('failed')).toMatch(/^missing\t/u);
    await unchanged();
  });

  test('refuses to work without curl, at once', async () => {
    const bin = await temporaryFolder();
    for (const place of ['/usr/bin', '/bin'])
      for (const name of await readdir(place))
        if (name !== 'curl') await symlink(join(place, name), join(bin, name)).catch(() => undefined);
    const told = await node.activate('first', { env: { PATH: bin } });
    expect(told).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
    expect(told.lines[0]).toEqual(['failed', 'curl', 'curl is not installed']);
    await unchanged();
  });

  test('takes back a release whose port is taken, which nginx -t does not see', async () => {
    const { port } = await serve(createServer());
    await node.add('taken', { http: `server { listen 127.0.0.1:${port}; }` });
    const told = await node.activate('taken');
    expect(told).toMatchObject({ code: 10, outcome: 'undone', stderr: '' });
    expect(told.first('failed')).toMatch(/^confirming\t/u);
    expect(told.all('evidence').join('\n')).toContain('Address already in use');
    await unchanged();
  });

  test('takes back a release whose health check fails after the reload', async () => {
    await node.add('ill', { server: 'return 500 "ill at ease\\n";' });
    const told = await node.activate('ill');
    expect(told).toMatchObject({ code: 10, outcome: 'undone', stderr: '' });
    expect(told.first('failed')).toMatch(/^probing\t/u);
    expect(told.first('evidence')).toMatch(/answers 500, not 200: ill at ease$/u);
    await unchanged();
    expect((await node.history()).at(-1)![5]).toBe('undone');
  });

  test('takes back a release none of whose servers can be reached, unless it was so before', async () => {
    const [dead, other] = [await freePort(), await freePort()];
    const listener = `listener http 127.0.0.1 ${node.port} 200 /`;
    const servers = (name: string, ...ports: number[]): string[] => [
      listener,
      ...ports.map((port) => `server ${name} 127.0.0.1 ${port}`),
    ];
    const { port } = await startHttp('alive');
    await node.add('half', { manifest: servers('web', dead, port) });
    expect(await node.activate('half')).toMatchObject({ code: 0, outcome: 'kept' });
    await node.add('dead', { manifest: servers('web', dead, other) });
    const told = await node.activate('dead');
    expect(told).toMatchObject({ code: 10, outcome: 'undone', stderr: '' });
    expect(told.first('failed')).toBe('probing\tno server of upstream web takes a connection');
    await unchanged('half');
    // it dies by itself, and what comes after is not to blame
    const server = await startHttp('dies');
    await node.add('dying', { manifest: servers('api', server.port) });
    expect(await node.activate('dying')).toMatchObject({ code: 0 });
    await server.kill();
    await node.add('after', { manifest: servers('api', server.port) });
    const after = await node.activate('after');
    expect(after).toMatchObject({ code: 0, outcome: 'kept' });
    expect(after.first('note')).toBe('no server of api answers, as before');
    expect(await node.activate('first')).toMatchObject({ code: 0 });
  });

  test('asks listeners of TLS, of PROXY protocol, of TCP and of IPv6', async () => {
    const { cert, key } = await (await createAuthority()).issue(['example.com']);
    const [tls, proxied, six] = [await freePort(), await freePort(), await freePort()];
    const manifest = (status: number): string[] => [
      `listener https 127.0.0.1 ${tls} ${status} /`,
      `listener http 127.0.0.1 ${proxied} 200 / proxy`,
      `listener http [::1] ${six} 200 /`,
      `listener tcp [::1] ${six} 0 -`,
      `listener tcp 127.0.0.1 ${node.port} 0 -`,
      `server web [::1] ${six}`,
    ];
    const parts = {
      http: `
server { listen 127.0.0.1:${tls} ssl; ssl_certificate tls.pem; ssl_certificate_key tls.key; return 204; }
server { listen 127.0.0.1:${proxied} proxy_protocol; return 200; }
server { listen [::1]:${six}; return 200; }`,
      files: { 'tls.pem': cert, 'tls.key': key },
    };
    await node.add('listeners', { ...parts, manifest: manifest(204) });
    expect(await node.activate('listeners')).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    await node.add('otherwise', {
      ...parts,
      manifest: [...manifest(200), `listener tcp [::1] ${await freePort()} 0 -`],
    });
    const told = await node.activate('otherwise');
    expect(told).toMatchObject({ code: 10, outcome: 'undone' });
    expect(told.all('evidence')).toEqual([
      expect.stringMatching(/^https:.* answers 204, not 200/u),
      expect.stringMatching(/^\[::1\]:\d+ takes no connection$/u),
    ]);
    await unchanged('listeners');
    expect(await node.activate('first')).toMatchObject({ code: 0 });
  });

  test('refuses to touch an NGINX that does not run, or whose pid file names another', async () => {
    const [stopped, other] = [await startNode(), await startNode()];
    await stopped.add('second');
    spawnSync('sh', ['-c', `${stopped.start} -s stop`]);
    const pid = join(stopped.log, '../nginx.pid');
    await until('NGINX has ended', async () => (await processesOf(join(pid, '..'))).length === 0);
    const told = await stopped.activate('second');
    expect(told).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
    expect(told.first('failed')).toBe('stopped\tNGINX does not run');
    // a pid file of long ago
    await writeFile(pid, `${await other.master()}\n`);
    spawnSync('touch', ['-d', '2020-01-01', pid]);
    expect((await stopped.activate('second')).first('failed')).toBe('stopped\tNGINX does not run');
    expect(await readlink(stopped.link)).toBe('releases/first');
    expect(await other.served()).toBe('first');
  });
});

describe.skipIf(without('nginx', 'curl'))('activate where a file was before', () => {
  let node: TestNode;
  beforeAll(async () => {
    node = await startNode({ system: true });
  });

  test('takes back to the file, as it was', async () => {
    await chmod(node.link, 0o640);
    const text = await readFile(node.link, 'utf8');
    await node.add('ill', { server: 'return 500;' });
    const told = await node.activate('ill');
    expect(told).toMatchObject({ code: 10, outcome: 'undone', stderr: '' });
    expect(await node.served()).toBe('before');
    expect(await readFile(node.link, 'utf8')).toBe(text);
    expect(spawnSync('stat', ['-c', '%a %F', node.link]).stdout.toString().trim()).toBe('640 regular file');
    expect(await node.leftovers()).toEqual([]);
  });

  test('a file that was changed since is the one that comes back', async () => {
    const changed = (await readFile(node.link, 'utf8')).replaceAll('before\\n', 'changed\\n');
    await writeFile(node.link, changed);
    expect(await node.activate('ill')).toMatchObject({ code: 10, outcome: 'undone', stderr: '' });
    expect(await node.served()).toBe('changed');
    expect(await readFile(node.link, 'utf8')).toBe(changed);
  });

  test('keeps a release, and the whole folder of before', async () => {
    await node.add('kept');
    const told = await node.activate('kept');
    expect(told).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    expect(told.all('step').map((line) => line.split('\t')[0])).toContain('saving');
    expect(await readlink(node.link)).toBe(`${node.root}/releases/kept/nginx.conf`);
    expect((await request({ port: node.port })).body).toBe('kept\n');
    expect((await readdir(join(node.root, 'before'))).toSorted()).toEqual(['mime.types', 'nginx.conf']);
    expect(await node.activate('ill')).toMatchObject({ code: 10, outcome: 'undone' });
    expect(await node.served()).toBe('kept');
    expect((await node.history()).map((entry) => [entry[4], entry[5]])).toEqual([
      ['before', 'undone'],
      ['before', 'undone'],
      ['before', 'kept'],
      [`${node.root}/releases/kept/nginx.conf`, 'undone'],
    ]);
  });

  test('restores the file, and knows where there is nothing to restore', async () => {
    const told = await node.run('restore', { settings: { action: 'rollback' } });
    expect(told).toMatchObject({ code: 0, outcome: 'restored', stderr: '' });
    expect(await node.served()).toBe('changed');
    expect(spawnSync('stat', ['-c', '%F', node.link]).stdout.toString().trim()).toBe('regular file');
    expect(await node.leftovers()).toEqual([]);
    expect(await node.run('restore')).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
    expect(await node.served()).toBe('changed');
    expect(await node.activate('kept')).toMatchObject({ code: 0 });
  });

  test('a link of one’s own comes back as it was', async () => {
    const other = join(node.folder, 'releases/own.conf');
    spawnSync('sh', [
      '-c',
      `mkdir -p ${node.folder}/releases && cp ${node.root}/before/nginx.conf ${other} && ln -sfn ${other} ${node.link}`,
    ]);
    const told = await node.activate('ill');
    expect(told).toMatchObject({ code: 10, outcome: 'undone', stderr: '' });
    expect(await readlink(node.link)).toBe(other);
    expect(await node.served()).toBe('changed');
  });
});

describe.skipIf(without('nginx', 'curl'))('activate where NGINX may be started', () => {
  const begin = { settings: { begin: 'yes' } };
  const home = ({ log }: TestNode): string => join(log, '..');
  /** Without an NGINX, and without anything that it would load. */
  const bare = async (): Promise<TestNode> => {
    const node = await startNode();
    await stop(node);
    await rm(node.link);
    return node;
  };
  const stop = async (node: TestNode): Promise<void> => {
    process.kill(await node.master(), 'SIGTERM');
    await until('NGINX has ended', async () => (await processesOf(home(node))).length === 0);
  };

  test('starts it with the first release', async () => {
    const node = await bare();
    await node.add('second');
    const told = await node.activate('second', begin);
    expect(told).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    expect(told.all('step').map((line) => line.split('\t')[0])).toEqual([
      'checking',
      'switching',
      'starting',
      'confirming',
      'probing',
      'watching',
      'keeping',
    ]);
    expect([await node.served(), await readlink(node.link), await node.leftovers()]).toEqual([
      'second',
      'releases/second',
      [],
    ]);
    expect((await node.history()).at(-1)!.slice(4, 6)).toEqual(['-', 'kept']);
  });

  test('leaves nothing where it does not start, with what NGINX says of it', async () => {
    const node = await bare();
    const { port } = await serve(createServer());
    await node.add('taken', { http: `server { listen 127.0.0.1:${port}; }` });
    const told = await node.activate('taken', begin);
    expect(told).toMatchObject({ code: 10, outcome: 'undone', stderr: '' });
    expect(told.first('failed')).toBe('starting\tNGINX does not start');
    expect(told.all('evidence').join('\n')).toContain('Address already in use');
    await expect(readlink(node.link)).rejects.toThrow('ENOENT');
    expect([await processesOf(home(node)), await node.leftovers()]).toEqual([[], []]);
  });

  test('stops it again where the first release does not serve', async () => {
    const node = await bare();
    await node.add('ill', { server: 'return 500 ill;' });
    const told = await node.activate('ill', begin);
    expect(told).toMatchObject({ code: 10, outcome: 'undone', stderr: '' });
    expect(told.first('evidence')).toContain('answers 500');
    expect(told.all('step').at(-1)).toMatch(/^halting\t/u);
    await expect(readlink(node.link)).rejects.toThrow('ENOENT');
    expect([await processesOf(home(node)), await node.leftovers()]).toEqual([[], []]);
  });

  test('goes back to the release of before, which serves then', async () => {
    const node = await startNode();
    await stop(node);
    await node.add('ill', { server: 'return 500 ill;' });
    expect(await node.activate('ill', begin)).toMatchObject({ code: 10, outcome: 'undone', stderr: '' });
    expect([await node.served(), await readlink(node.link)]).toEqual(['first', 'releases/first']);
  });

  test('changes nothing where NGINX refuses the release', async () => {
    const node = await bare();
    await node.add('syntax', { server: 'retrun 200;' });
    expect(await node.activate('syntax', begin)).toMatchObject({ code: 11, outcome: 'refused', stderr: '' });
    expect([await processesOf(home(node)), await node.leftovers()]).toEqual([[], []]);
  });

  test('reloads one that runs, also without its pid file', async () => {
    const node = await startNode();
    const master = await node.master();
    await node.add('second');
    await rm(join(home(node), 'nginx.pid'));
    const told = await node.activate('second', begin);
    expect(told).toMatchObject({ code: 0, outcome: 'kept', stderr: '' });
    expect([await node.served(), (await node.run('observe')).first('master')]).toEqual([
      'second',
      String(master),
    ]);
  });
});

describe.skipIf(without('nginx', 'curl'))('observe and check', () => {
  test('tell what really serves, and what NGINX would say', async () => {
    const node = await startNode();
    await node.add('second');
    expect((await node.run('observe')).first('serving')).toBe('first');
    expect(await node.run('check', { settings: { release: 'second' } })).toMatchObject({
      code: 0,
      outcome: 'checked',
      stderr: '',
    });
    await node.add('syntax', { server: 'retrun 200;' });
    expect(await node.run('check', { settings: { release: 'syntax' } })).toMatchObject({
      code: 11,
      outcome: 'refused',
      stderr: '',
    });
    expect(await node.served()).toBe('first');
    // nobody told NGINX
    await rm(node.link);
    await symlink('releases/second', node.link);
    expect((await node.run('observe')).first('serving')).toBe('first');
    expect(await node.activate('second')).toMatchObject({ code: 0, outcome: 'kept' });
    expect((await node.run('observe')).first('serving')).toBe('second');
    process.kill(await node.master(), 'SIGTERM');
    await until('NGINX has ended', async () => (await processesOf(join(node.log, '..'))).length === 0);
    expect((await node.run('observe')).first('serving')).toBe('');
  });
});
