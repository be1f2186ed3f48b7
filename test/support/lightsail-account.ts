import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { type FakeLightsail, fakeLightsail } from '../fake-aws/lightsail/lightsail.ts';
import { realMachines, type RealMachines } from '../fake-aws/lightsail/machines/machines.ts';
import { type FakeAws, startFakeAws } from '../fake-aws/server.ts';
import { lbctl, type Run } from './cli.ts';
import { temporaryFolder } from './folder.ts';

/** An account of AWS with machines behind its instances, and a balancer that users drive there. */
export interface LightsailAccount {
  readonly aws: FakeAws;
  readonly lightsail: FakeLightsail;
  readonly machines: RealMachines;
  readonly folder: string;
  /** Where programs put what they need for a while. */
  readonly temporary: string;
  /** Writes lb.yaml: a body that every request is answered with, keys of `lightsail`, and further top keys. */
  write(
    body: string,
    more?: { lightsail?: string; listeners?: string; keys?: string; hosts?: string },
  ): Promise<void>;
  run(args: readonly string[], setting?: Partial<Parameters<typeof lbctl>[1]>): Promise<Run>;
  /** Operations that were called since a number of calls. */
  since(calls: number): string[];
  instances(): ReturnType<FakeLightsail['inventory']>['instances'];
}

export async function newLightsailAccount(): Promise<LightsailAccount> {
  const machines = await realMachines();
  const lightsail = fakeLightsail({ machines });
  const aws = await startFakeAws([lightsail]);
  const folder = await temporaryFolder();
  // keys come and go below it
  const temporary = await temporaryFolder();
  const env = { ...aws.env, HOME: folder, TMPDIR: temporary };
  return {
    aws,
    lightsail,
    machines,
    folder,
    temporary,
    write: (body, { lightsail: more = '', listeners = 'http: { port: 80 }', keys = '', hosts = '' } = {}) =>
      writeFile(
        join(folder, 'lb.yaml'),
        `name: shop
provider: lightsail
regions: [eu-west-1]
lightsail: { ssh_from: [127.0.0.0/8]${more === '' ? '' : `, ${more}`} }
listeners: { ${listeners} }
${keys}
routes: [{ ${hosts === '' ? '' : `host: [${hosts}], `}paths: { /: { respond: { body: ${body} } } } }]
`,
      ),
    run: (args, setting = {}) => lbctl(args, { cwd: folder, ...setting, env: { ...env, ...setting.env } }),
    since: (calls) => aws.calls.slice(calls).map(({ operation }) => operation),
    instances: () => lightsail.inventory().instances,
  };
}

/** What a server says at an address, or the code of what went wrong. */
export function get(host: string | undefined, port = 80): Promise<string> {
  return new Promise((resolve) => {
    request({ host, port, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString())).on('end', () => resolve(body));
    })
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code!))
      .end();
  });
}
