import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeAws } from '../fake-aws/server.ts';
import { imageOf } from '../fake-aws/lightsail/machines/images.ts';
import { startMetadata } from '../fake-aws/metadata/server.ts';
import type { Files } from './folder.ts';
import { type Machine, startMachine } from './host.ts';
import { relay } from './relay.ts';

/** How user data went. */
interface Booted {
  readonly code: number | null;
  /** What is seen on the console of the instance. */
  readonly console: string;
}

/** A machine that an Auto Scaling group has launched. */
export interface Ec2Node {
  readonly machine: Machine;
  /** Runs user data, as the first boot does. */
  boot(): Promise<Booted>;
  /** Runs a shell as root that is led to the AWS of the tests. */
  run(script: string): Promise<{ code: number | null; stdout: string; stderr: string }>;
}

interface Ec2NodeOptions {
  readonly aws: FakeAws;
  readonly userData: string;
  readonly instance: string;
  readonly group: string;
  /** Without tags in the metadata, or a role. */
  readonly without?: 'tags' | 'role';
  readonly files?: Files;
}

/** Credentials of a role, which all calls of a test are made with. */
export const ROLE = {
  accessKeyId: 'ASIAFAKEFAKEFAKEFAKE',
  secretAccessKey: 'secret/of+the/role',
  sessionToken: 'token/of+the/role==',
};

/** Time goes faster there. */
const SLEEP = `#!/bin/sh
exec /usr/bin/sleep "$(echo "$1" | awk '{ t = $1 / 100; print t < 0.02 ? 0.02 : t }')"
`;

/** A Debian without an NGINX, with the agent of Systems Manager; it ends with the tests of the file. */
export async function startEc2Node(options: Ec2NodeOptions): Promise<Ec2Node> {
  const { aws, userData, instance, group, without, files } = options;
  const { files: system, missing } = imageOf('debian_12');
  const machine = await startMachine({
    missing,
    path: '/opt/quick',
    files: { ...system, '/etc/amazon/ssm/amazon-ssm-agent.json': '{}', '/opt/quick/sleep': SLEEP, ...files },
  });
  const metadata = await startMetadata({
    instance,
    ...(without === 'tags' ? {} : { tags: { 'aws:autoscaling:groupName': group } }),
    ...(without === 'role' ? {} : { role: { name: 'NodeRole', credentials: ROLE } }),
  });
  const port = Number(new URL(aws.url).port);
  await Promise.all([relay(machine, port), relay(machine, metadata)]);
  writeFileSync(join(machine.disk, 'etc/user-data'), userData);
  const env = [
    `AWS_ENDPOINT_URL=${aws.url}`,
    `AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:${metadata}`,
  ];
  const start = (words: readonly string[]) =>
    new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
      const [enter, ...rest] = [...machine.enter, 'env', ...env, ...words];
      const child = spawn(enter!, rest, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.once('error', reject);
      // what was started there may hold the pipes
      child.once('exit', (code) => setTimeout(() => resolve({ code, stdout, stderr }), 20));
    });
  return {
    machine,
    run: (script) => start(['sh', '-c', script]),
    async boot() {
      const { code, stdout, stderr } = await start(['sh', '/etc/user-data']);
      return { code, console: `${stdout}${stderr}` };
    },
  };
}
