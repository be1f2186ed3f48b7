import { expect, test } from 'vitest';
import { startHost } from '../support/host.ts';
import { newSshShop } from '../support/ssh-shop.ts';

test('draft', async () => {
  const host = await startHost();
  host.sh('nginx');
  console.log(host.sh('curl -s http://127.0.0.1/ | head -3; ls -la /etc/nginx/nginx.conf'));
  const shop = await newSshShop([host]);
  await shop.write('one');
  for (const args of [
    ['status'],
    ['deploy', '--yes', '--watch', '1s', '-m', "$(touch /x); it's"],
    ['deploy', '--yes'],
    ['releases'],
    ['status'],
  ]) {
    const run = await shop.run(...args);
    console.log('$', args.join(' '), '\n', run.code, run.stdout, run.stderr);
  }
  console.log(
    host.sh(
      'curl -s http://127.0.0.1/; ls -la /etc/nginx/nginx.conf /etc/lbctl /etc/lbctl/before; cat /etc/nginx/nginx.conf; cat /etc/lbctl/history; ps aux | grep nginx',
    ),
  );
  await shop.write('two', { keys: 'snippets: { server: "if ($uri = /healthz) { return 500 ill; }" }' });
  let run = await shop.deploy();
  console.log(run.code, run.stdout, run.stderr);
  await shop.write('two');
  run = await shop.run('plan');
  console.log(run.code, run.stdout, run.stderr);
  run = await shop.run('down');
  console.log(run.code, run.stdout, run.stderr);
  run = await shop.deploy();
  console.log(run.code, run.stdout, run.stderr);
  run = await shop.run('releases');
  console.log(run.stdout);
  run = await shop.run('rollback', '--yes', '--watch', '1s');
  console.log(run.code, run.stdout, run.stderr);
  console.log(host.sh('curl -s http://127.0.0.1/'));
  run = await shop.run('diff', (await shop.status()).serving!);
  console.log(run.code, run.stdout, run.stderr);
  host.sh('nginx -s stop; sleep 1');
  run = await shop.deploy();
  console.log(run.code, run.stdout, run.stderr);
  run = await shop.run('status');
  console.log(run.code, run.stdout, run.stderr);
  expect(1).toBe(1);
}, 120_000);
