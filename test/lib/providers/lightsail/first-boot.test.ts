import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Progress } from '../../../../src/lib/io.ts';
import { finishBoot } from '../../../../src/lib/providers/lightsail/boot.ts';
import { firstBoot } from '../../../../src/lib/providers/lightsail/first-boot.ts';
import { sshTransport } from '../../../../src/lib/release/transports/ssh.ts';
import type { Transport } from '../../../../src/lib/release/transports/transport.ts';
import { imageOf } from '../../../fake-aws/lightsail/machines/images.ts';
import { type Host, startHost, withoutHosts } from '../../../support/host.ts';
import { atEnd } from '../../../support/lifetime.ts';
import { lightsailShop } from '../../../support/lightsail-shop.ts';
import { findProgram, without } from '../../../support/tools.ts';

const script = (keys = '', more = '') => firstBoot(lightsailShop({ lightsail: keys, more }).balancer);

/** What Lightsail takes, in bytes. */
const USER_DATA = 16_384;

describe('the script of the first boot', () => {
  const ALL = [
    script(),
    script('nginx: nginx.org'),
    script('blueprint: nginx'),
    script('', 'nginx: { modules: [geoip2, modsecurity] }'),
  ];

  test.skipIf(without('shellcheck'))('is what ShellCheck likes', () => {
    for (const input of ALL)
      expect(spawnSync(findProgram('shellcheck')!, ['-'], { input, encoding: 'utf8' }).stdout).toBe('');
  });

  test('fits into user data, and asks for the modules of lb.yaml', () => {
    for (const text of ALL) expect(Buffer.byteLength(text)).toBeLessThan(USER_DATA);
    expect(ALL[3]).toContain("packages='libnginx-mod-http-geoip2 libnginx-mod-http-modsecurity'");
    expect(ALL[2]).toContain("source='none'");
  });
});

describe.skipIf(withoutHosts() || without('nginx', 'curl'))('on a machine', { timeout: 120_000 }, () => {
  /** Its sleep is short, and its curl knows one page. */
  async function machine(more: { missing?: string[] } = {}): Promise<{ host: Host; transport: Transport }> {
    const { files, missing } = imageOf('debian_12');
    const host = await startHost({
      missing: more.missing ?? missing,
      files: {
        ...files,
        '/opt/quick/sleep': '#!/bin/sh\nexec /usr/bin/sleep 0.01\n',
        '/opt/quick/curl': `#!/bin/sh
case " $* " in
  *keys/nginx_signing.key*) echo key >"$3" ;;
  *) exec /usr/bin/curl "$@" ;;
esac
`,
      },
      path: '/opt/quick',
    });
    const config = await host.sshd.configure();
    const transport = sshTransport(host.sshd.destination(), { config });
    atEnd(() => transport.close());
    return { host, transport };
  }

  /** Has it run to the end, and gives what was told on the way. */
  async function boot(transport: Transport, text = script()): Promise<string[]> {
    const told: Progress[] = [];
    await finishBoot(transport, text, { notify: (progress) => void told.push(progress) });
    return told.map((progress) => progress.text.replace(/^.*?: /u, ''));
  }
  const code = (host: Host, path: string): string =>
    host.sh(`/usr/bin/curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1${path}`);

  describe('that has no NGINX', () => {
    let host: Host;
    let transport: Transport;
    beforeAll(async () => {
      ({ host, transport } = await machine());
    });

    test('tells what apt-get says when it fails again and again, and goes on from there', async () => {
      host.sh("echo 'E: Unable to fetch some archives' >/run/apt-fails");
      await expect(boot(transport)).rejects.toMatchObject({
        code: 'first-boot',
        message: expect.stringContaining('the lists of packages cannot be read') as string,
        evidence: expect.arrayContaining(['E: Unable to fetch some archives']) as string[],
        hint: expect.stringContaining('lbctl up') as string,
      });
      expect(host.sh('wc -l </var/log/apt-get.log')).toBe('5');
      host.sh('rm /run/apt-fails');
      expect(await boot(transport)).toEqual([
        'waiting for the first boot',
        'installing NGINX',
        'having security updates install themselves',
        'answering health checks',
        'ready',
      ]);
    });

    test('answers health checks, and nothing else, until a release comes', () => {
      expect([code(host, '/healthz'), code(host, '/')]).toEqual(['200', '503']);
      expect(host.sh('cat /etc/apt/apt.conf.d/20auto-upgrades')).toContain('Unattended-Upgrade "1"');
    });

    test('has nothing left to do from then on', async () => {
      const before = host.sh('cat /var/log/apt-get.log');
      expect(await boot(transport)).toEqual(['waiting for the first boot']);
      expect(host.sh('cat /var/log/apt-get.log')).toBe(before);
    });
  });

  test('two at once wait for each other', async () => {
    const { host, transport } = await machine();
    await Promise.all([boot(transport), boot(transport)]);
    expect(code(host, '/healthz')).toBe('200');
    expect(host.sh('grep -c "install.*nginx" /var/log/apt-get.log')).toBe('1');
  });

  test('a script that came in part does nothing', async () => {
    const { host, transport } = await machine();
    await expect(boot(transport, script().slice(0, 2000))).rejects.toMatchObject({ code: 'first-boot' });
    expect(host.sh('ls /var/lib/lbctl')).toBe('');
  });

  test('an NGINX that somebody has set up serves on as it does', async () => {
    const { host, transport } = await machine({ missing: [] });
    host.sh(
      "echo 'server { listen 80 default_server; return 200 mine; }' >/etc/nginx/sites-enabled/default; nginx",
    );
    const before = host.sh('ls /etc/nginx/conf.d; cat /etc/nginx/nginx.conf');
    await boot(transport);
    expect(host.sh('/usr/bin/curl -s http://127.0.0.1/')).toBe('mine');
    expect(host.sh('ls /etc/nginx/conf.d; cat /etc/nginx/nginx.conf')).toBe(before);
  });

  test('packages of nginx.org are taken with their key, before those of the system', async () => {
    const { host, transport } = await machine();
    await boot(transport, script('nginx: nginx.org'));
    expect(host.sh('cat /etc/apt/sources.list.d/nginx.list')).toMatch(
      /^deb \[signed-by=\/etc\/apt\/keyrings\/nginx.asc\] https:\/\/nginx.org\/packages\/debian \w+ nginx$/u,
    );
    expect(host.sh('cat /etc/apt/preferences.d/99nginx')).toContain('Pin-Priority: 900');
    expect(host.sh('cat /etc/apt/apt.conf.d/52lbctl-nginx')).toContain('site=nginx.org');
    expect(host.sh('cat /var/log/apt-get.log')).not.toContain('libnginx-mod-stream');
    expect(code(host, '/healthz')).toBe('200');
  });
});
