import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAuthority } from '../support/certificates.ts';
import { type Host, startHost, withoutHosts } from '../support/host.ts';
import { startSshd } from '../support/sshd.ts';
import { newSshShop, type SshShop } from '../support/ssh-shop.ts';
import { without } from '../support/tools.ts';

const skip = without('nginx', 'curl', 'ssh', 'sshd', 'openssl') || withoutHosts();

/** Makes the health path fail. */
const ILL = 'snippets: { server: "if ($uri = /healthz) { return 500 ill; }" }';

/** A password file with the user `ops`, whose password is `sesame`. */
const USERS = `ops:${spawnSync('openssl', ['passwd', '-apr1', 'sesame'], { encoding: 'utf8' }).stdout}`;

const CACHE = 'caches: { pages: 10m }';
const PRIVATE = '/private: { respond: 204, auth: { basic: { users_file: "users & co.htpasswd" } } }';

describe.skipIf(skip)('a machine with the NGINX of Debian, as it is installed', { timeout: 120_000 }, () => {
  let host: Host;
  let shop: SshShop;
  const answer = (path = '/', options = ''): string => host.sh(`curl -s ${options} http://127.0.0.1${path}`);
  beforeAll(async () => {
    host = await startHost();
    host.sh('nginx');
    const { cert, key } = await (await createAuthority()).issue(['shop.example.com']);
    shop = await newSshShop([host], { 'users & co.htpasswd': USERS, 'shop.crt': cert, 'shop.key': key });
  }, 60_000);

  test('serves a first release, and keeps what was there before', async () => {
    const stock = host.sh('cat /etc/nginx/nginx.conf');
    expect(answer()).toContain('Welcome to nginx');
    await shop.write('one', { keys: CACHE, paths: PRIVATE });
    const message = '$(touch /tmp/owned); `touch /tmp/owned` it\'s & "so"\n; touch /tmp/owned';
    expect(await shop.deploy('-m', message)).toMatchObject({ code: 0 });
    expect(answer()).toBe('one');
    expect(host.sh('cat /etc/lbctl/before/nginx.conf')).toBe(stock);
    expect(host.sh('ls /tmp/owned 2>/dev/null || echo none')).toBe('none');
    const { stdout } = await shop.run('releases', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      nodes: [{ node: shop.names[0], releases: [{ current: true, message }] }],
    });
  });

  test('runs the files of that release alone, as the user of the system', async () => {
    const { serving } = await shop.status();
    const release = `/etc/lbctl/releases/${serving}`;
    expect(host.sh('readlink /etc/nginx/nginx.conf')).toBe(`${release}/nginx.conf`);
    const files = (options: string): string[] =>
      host
        .sh(`nginx -T ${options} 2>/dev/null | sed -n 's/^# configuration file \\(.*\\):$/\\1/p'`)
        .split('\n')
        .filter((file) => !file.startsWith('/etc/nginx/modules-enabled/') && !file.endsWith('/nginx.conf'));
    expect(files('')).toEqual(files(`-c ${release}/nginx.conf`));
    expect(files('').every((file) => file.startsWith(`${release}/`))).toBe(true);
    expect(files('').length).toBeGreaterThan(1);
    expect(host.sh('ps -C nginx -o user= | sort | uniq').split('\n')).toEqual(['root', 'www-data']);
    expect(host.sh('cat /run/nginx.pid; ls -d /var/lib/nginx/cache/pages')).toMatch(/^\d+\n\/var/u);
  });

  test('lets workers read password files, and nobody else read what is secret', async () => {
    expect(answer('/private', '-o /dev/null -w "%{http_code}"')).toBe('401');
    expect(answer('/private', '-o /dev/null -w "%{http_code}" -u ops:sesame')).toBe('204');
    expect(host.sh('stat -c "%a %U %G" "/etc/nginx/../lbctl/releases/"*/auth/users*')).toBe(
      '640 root www-data',
    );
  });

  test('stays as it is when nothing has changed', async () => {
    const before = host.sh('cat /etc/lbctl/history; cat /run/nginx.pid');
    expect(await shop.deploy()).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no changes') as string,
    });
    expect(host.sh('cat /etc/lbctl/history; cat /run/nginx.pid')).toBe(before);
  });

  test('goes on with what it has when a release does not serve', async () => {
    await shop.write('two', { keys: `${CACHE}\n${ILL}`, paths: PRIVATE });
    const ill = await shop.deploy();
    expect(ill.code).toBe(3);
    expect(ill.stderr).toMatch(/\/healthz answers 500, not 200: ill/u);
    await shop.write('two', {
      keys: 'snippets: { http: "ssl_certificate /nowhere.pem; ssl_certificate_key /nowhere.pem; server { listen 127.0.0.1:1 ssl; }" }',
    });
    const refused = await shop.deploy();
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('/nowhere.pem') as string });
    expect(answer()).toBe('one');
  });

  test('takes a change, shows what it changes, and goes back', async () => {
    const first = (await shop.status()).serving!;
    await shop.write('two', {
      keys: `listeners: { http: { port: 80 }, https: { port: 443, tls: { certificate: shop.crt, key: shop.key } } }`,
    });
    const lb = join(shop.folder, 'lb.yaml');
    await writeFile(lb, (await readFile(lb, 'utf8')).replace('listeners: { http: { port: 80 } }\n', ''));
    const diff = await shop.run('diff', first.slice(0, 6));
    expect(diff.code).toBe(0);
    expect(diff.stdout).toContain('-        return 200 one;');
    // that files name their own folder is no difference
    expect(diff.stdout).not.toMatch(/^[-+]\s+include .*release\.conf/mu);
    expect(await shop.deploy()).toMatchObject({ code: 0 });
    expect(answer()).toBe('two');
    expect(host.sh('curl -sk https://127.0.0.1/')).toBe('two');
    const { serving } = await shop.status();
    expect(host.sh(`stat -c "%a %U %G" /etc/lbctl/releases/${serving}/tls/shop.key`)).toBe('600 root root');
    expect(await shop.run('rollback', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(answer()).toBe('one');
    expect((await shop.status()).remarks).toEqual([
      expect.stringContaining(`gone back from ${serving} `) as string,
    ]);
  });

  test('leaves machines as they are on down, and says what brings back what was there', async () => {
    const run = await shop.run('down', '--yes');
    expect(run.code).toBe(2);
    const command = /with: sudo (.*) && sudo (.*)$/mu.exec(run.stderr)!;
    host.sh(`${command[1]} && ${command[2]}`);
    await expect.poll(() => answer()).toContain('Welcome to nginx');
  });

  test('has NGINX started by up where it does not run', async () => {
    host.sh('nginx -s stop; while [ -e /run/nginx.pid ]; do sleep 0.1; done');
    const run = await shop.deploy();
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('hint: lbctl up starts it');
    const { running, serving, remarks } = await shop.status();
    expect([running, serving, remarks.join()]).toEqual([
      false,
      null,
      expect.stringContaining(`NGINX does not run on ${shop.names[0]}: lbctl up`),
    ]);
    expect(await shop.run('up', '--yes')).toMatchObject({ code: 0 });
    expect(answer()).toBe('two');
    expect(await shop.run('plan', '--check')).toMatchObject({ code: 0 });
  });

  test('has no connection open when a command has ended', async () => {
    await shop.run('status');
    expect(spawnSync('pgrep', ['-f', `ssh .*${host.sshd.port}`], { encoding: 'utf8' }).stdout).toBe('');
  });
});

describe.skipIf(skip)('two machines', { timeout: 120_000 }, () => {
  let hosts: Host[];
  let shop: SshShop;
  beforeAll(async () => {
    hosts = await Promise.all([startHost(), startHost()]);
    for (const host of hosts) host.sh('nginx');
    shop = await newSshShop(hosts);
  }, 60_000);
  const answers = (): string[] => hosts.map((host) => host.sh('curl -s http://127.0.0.1/'));

  test('that differ in what the configuration depends on are refused before anything changes', async () => {
    hosts[1]!.sh("sed -i 's/^user www-data/user daemon/' /etc/nginx/nginx.conf");
    await shop.write('one');
    const run = await shop.deploy();
    expect(run.code).toBe(3);
    expect(run.stderr).toContain(`user: www-data on ${shop.names[0]}; daemon on ${shop.names[1]}`);
    expect(hosts.map((host) => host.sh('ls -d /etc/lbctl 2>/dev/null || echo none'))).toEqual([
      'none',
      'none',
    ]);
  });

  test('take the same user where lb.yaml names it', async () => {
    await shop.write('one', { keys: 'nginx: { user: daemon }' });
    expect(await shop.deploy()).toMatchObject({ code: 0 });
    expect(answers()).toEqual(['one', 'one']);
    expect(hosts.map((host) => host.sh('ps -C nginx -o user= | sort -u')).join()).toBe(
      'daemon\nroot,daemon\nroot',
    );
    await shop.write('one', { keys: 'nginx: { user: nobody-knows }' });
    const run = await shop.deploy();
    expect(run).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('2 of 2 nodes cannot be used') as string,
    });
    expect(run.stderr).toContain(`there is no user nobody-knows on ${shop.names[1]}`);
  });

  test('that have drifted apart are told, a line each', async () => {
    await shop.write('two', { keys: 'nginx: { user: daemon }' });
    expect(await shop.deploy()).toMatchObject({ code: 0 });
    const { serving } = await shop.status();
    const first = hosts[1]!.sh('ls -t /etc/lbctl/releases | tail -n 1');
    hosts[1]!.sh(`ln -sfn /etc/lbctl/releases/${first}/nginx.conf /etc/nginx/nginx.conf && nginx -s reload`);
    const status = await shop.status();
    expect(status.nodes.map(({ release }) => release)).toEqual([serving, first]);
    expect(status).toMatchObject({ running: true, serving: null });
    expect(status.remarks.join()).toContain('the nodes differ in their release');
    const shown = await shop.run('status');
    expect(shown.stdout).toMatch(new RegExp(`${shop.names[1]} +${first}  pid \\d+, NGINX`, 'u'));
    const { stdout } = await shop.run('releases');
    expect(stdout).toContain(`${shop.names[0]}\n`);
    expect(stdout).not.toContain(`${shop.names[0]}, `);
    expect(await shop.deploy()).toMatchObject({ code: 0 });
    expect((await shop.run('releases')).stdout).toContain(`${shop.names.join(', ')}\n`);
    expect(answers()).toEqual(['two', 'two']);
  });

  test('of which one does not have a release are told apart by diff', async () => {
    const [old] = hosts[0]!.sh('ls -t /etc/lbctl/releases | tail -n 1').split('\n');
    hosts[0]!.sh(`rm -rf /etc/lbctl/releases/${old}`);
    const run = await shop.run('diff', old!);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain(`${shop.names[0]}\ndoes not have ${old}`);
    expect(run.stdout).toContain('+        return 200 two;');
  });

  test('need an NGINX as new as lb.yaml says', async () => {
    await shop.write('two', { keys: 'nginx: { version: "1.31" }' });
    const run = await shop.deploy();
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/written for NGINX 1\.31 or newer, and root@\S+ has 1\./u);
  });

  test('of which one is gone: the other is told of all the same', async () => {
    await shop.write('two', { keys: 'nginx: { user: daemon }' });
    await hosts[0]!.sshd.stop();
    const status = await shop.status();
    expect(status.nodes.map(({ problem }) => problem === null)).toEqual([false, true]);
    expect(status).toMatchObject({ running: false, described: null });
    expect((await shop.run('status')).stdout).toContain('shop (ssh) runs on 1 of 2 nodes');
  });
});

describe.skipIf(skip)('a machine with the NGINX of Bitnami', { timeout: 120_000 }, () => {
  const home = '/opt/bitnami/nginx';
  const wrapper = `#!/bin/sh
[ "$1" = -V ] && { echo "nginx version: nginx/1.22.1
configure arguments: --prefix=${home} --with-stream --with-cc-opt='-O2 -Wno-x'" >&2; exit; }
exec /usr/sbin/nginx -p ${home}/ -c ${home}/conf/nginx.conf -e ${home}/logs/error.log "$@"
`;
  const conf = `user daemon daemon;
pid "${home}/tmp/nginx.pid";
error_log "${home}/logs/error.log";
events { }
http {
  client_body_temp_path tmp/body; proxy_temp_path tmp/proxy; fastcgi_temp_path tmp/f; uwsgi_temp_path tmp/u; scgi_temp_path tmp/s;
  access_log off;
  server { listen 80; return 200 bitnami; }
}
`;

  test('has all below its prefix, and keeps it there', async () => {
    const files = {
      [`${home}/sbin/nginx`]: wrapper,
      [`${home}/conf/nginx.conf`]: conf,
      [`${home}/logs/none`]: '',
      [`${home}/tmp/none`]: '',
      '/opt/bitnami/ctlscript.sh': '#!/bin/sh\n[ "$*" = "start nginx" ] && exec nginx\n',
    };
    const host = await startHost({ files, path: `${home}/sbin` });
    host.sh('nginx');
    const shop = await newSshShop([host], { users: USERS });
    await shop.write('one', { paths: '/private: { respond: 204, auth: { basic: { users_file: users } } }' });
    expect(await shop.deploy()).toMatchObject({ code: 0 });
    expect(host.sh('curl -s http://127.0.0.1/')).toBe('one');
    expect(host.sh(`readlink ${home}/conf/nginx.conf`)).toMatch(
      /^\/etc\/lbctl\/releases\/\w+\/nginx\.conf$/u,
    );
    expect(host.sh('cat /etc/lbctl/before/nginx.conf')).toBe(conf.trim());
    expect(host.sh(`cat ${home}/tmp/nginx.pid`)).toMatch(/^\d+$/u);
    expect(host.sh('stat -c %G /etc/lbctl/releases/*/auth/users')).toBe('daemon');
    expect(await shop.deploy()).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no changes') as string,
    });
    host.sh(`kill $(cat ${home}/tmp/nginx.pid); while [ -e ${home}/tmp/nginx.pid ]; do sleep 0.1; done`);
    expect((await shop.status()).remarks.join()).toContain('NGINX does not run');
    expect(await shop.run('up')).toMatchObject({ code: 0 });
    expect(host.sh('curl -s http://127.0.0.1/')).toBe('one');
  });
});

describe.skipIf(skip)('machines whose NGINX does not run', { timeout: 120_000 }, () => {
  test('are brought up one after the other, and told apart in the plan from those that run', async () => {
    const hosts = await Promise.all([startHost(), startHost()]);
    const shop = await newSshShop(hosts);
    await shop.write('one');
    expect((await shop.run('plan')).stdout).toMatch(
      /\+ {3}release \w+ on .*, .*\n.*\n +NGINX is started\n +http: 0/u,
    );
    // nobody is served yet, so nobody is asked
    expect(await shop.run('up')).toMatchObject({ code: 0 });
    expect(hosts.map((host) => host.sh('curl -s http://127.0.0.1/'))).toEqual(['one', 'one']);
    expect(await shop.run('up')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('no changes') as string,
    });
    hosts[1]!.sh('nginx -s stop; while [ -e /run/nginx.pid ]; do sleep 0.1; done');
    await shop.write('two');
    const plan = await shop.run('plan');
    expect(plan.stdout.match(/^ {2}~ .*$/gmu)).toHaveLength(2);
    expect(plan.stdout.match(/NGINX is started/gu)).toHaveLength(1);
    expect(await shop.run('up', '--watch', '0')).toMatchObject({ code: 2 });
    expect(await shop.run('up', '--yes', '--watch', '0')).toMatchObject({ code: 0 });
    expect(hosts.map((host) => host.sh('curl -s http://127.0.0.1/'))).toEqual(['two', 'two']);
  });
});

describe.skipIf(skip)('machines that cannot be used', { timeout: 120_000 }, () => {
  test('are told with what to install', async () => {
    const bare = await startHost({ missing: ['/usr/sbin/nginx'] });
    const shop = await newSshShop([bare]);
    await shop.write('one');
    const run = await shop.deploy();
    expect(run.code).toBe(3);
    expect(run.stderr).toContain(`NGINX is not installed on ${shop.names[0]}`);
    expect(run.stderr).toContain('sudo apt-get install nginx');
    bare.sh(
      'sed -i "s/^ID=.*/ID=\\"amzn\\"/" /etc/os-release 2>/dev/null || { rm -f /etc/os-release; echo ID=amzn >/etc/os-release; }',
    );
    expect((await shop.deploy()).stderr).toContain('sudo dnf install nginx');
    const silent = await startHost({ missing: ['/usr/bin/curl'] });
    const both = await newSshShop([bare, silent]);
    await both.write('one');
    const all = await both.deploy();
    expect(all.stderr).toContain('2 of 2 nodes cannot be used');
    expect(all.stderr).toContain(`curl is not installed on ${both.names[1]}`);
    expect(all.stderr).toMatch(/hint: .*install curl/u);
  });

  test('have another host key than known_hosts says', async () => {
    const [sshd, other] = [await startSshd(), await startSshd()];
    const shop = await newSshShop([{ sshd: sshd as Host['sshd'] }]);
    await shop.write('one');
    const key = spawnSync('cut', ['-d', ' ', '-f', '2-', other.knownHosts], { encoding: 'utf8' }).stdout;
    await writeFile(join(shop.folder, 'known hosts'), `[127.0.0.1]:${sshd.port} ${key}`);
    const lb = join(shop.folder, 'lb.yaml');
    const text = spawnSync('sed', ['s/config: ssh_config/&, known_hosts: known hosts/', lb], {
      encoding: 'utf8',
    });
    await writeFile(lb, text.stdout);
    const run = await shop.deploy();
    expect(run.code).toBe(4);
    expect(run.stderr).toMatch(/host key/u);
    expect(run.stderr).toContain('known hosts');
  });

  test('are not looked for where the configuration of ssh is missing', async () => {
    const shop = await newSshShop([{ sshd: await startSshd() }]);
    await shop.write('one');
    spawnSync('rm', [join(shop.folder, 'ssh_config')]);
    expect(await shop.deploy()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no ssh_config') as string,
    });
  });
});
