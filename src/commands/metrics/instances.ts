import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { InstanceMetrics } from '../../lib/aws/lightsail/metrics.ts';
import type { Balancer } from '../../lib/balancer/schema/balancer.ts';
import { UserError } from '../../lib/errors.ts';
import { instanceDocument } from '../../lib/metrics/document.ts';
import { collectInstances, type MeasuredInstance } from '../../lib/metrics/instances/readings.ts';
import { instanceSheet } from '../../lib/metrics/instances/sheet.ts';
import { LIGHTSAIL } from '../../lib/metrics/window.ts';
import { renderSheet, renderSheets } from '../../lib/ui/metrics/overview.ts';
import type { Invocation } from '../command.ts';
import type { Subject } from './sight.ts';

/**
 * The balancer that is meant: that of `--file`, `LBCTL_FILE` or lb.yaml here, where no other is named and it runs on
 * Lightsail or EC2.
 * @throws UserError `usage` for `--file` beside names, and where it runs elsewhere.
 */
export async function ownBalancer(invocation: Invocation): Promise<Balancer | undefined> {
  const { args, options, env, cwd } = invocation;
  const isAsked = options['file'] !== undefined;
  if (args.length > 0 && isAsked)
    throw new UserError('usage', 'file-and-names', '--file and names of balancers exclude each other', {
      hint: `without --file: lbctl metrics ${args.join(' ')}`,
    });
  if (args.length > 0 || (!isAsked && env['LBCTL_FILE'] === undefined && !existsSync(join(cwd, 'lb.yaml'))))
    return undefined;
  const { loadBalancer } = await import('../../lib/source/load.ts');
  const { balancer, file } = await loadBalancer(invocation);
  if (balancer.provider === 'lightsail' || balancer.provider === 'ec2') return balancer;
  if (!isAsked) return undefined;
  throw new UserError(
    'usage',
    'not-measured',
    `${file} runs on ${balancer.provider === 'local' ? 'this machine' : 'machines of yours'}, which AWS does not measure`,
    { hint: 'for the Network Load Balancers of the Region: lbctl metrics' },
  );
}

/** The instances of a balancer: a call for each Region, and one for each metric of an instance. */
export function instances(balancer: Balancer, invocation: Invocation): Subject {
  return {
    limits: LIGHTSAIL,
    async open() {
      const found = await instancesOf(balancer);
      const { instanceMetrics } = await import('../../lib/aws/lightsail/metrics.ts');
      const clients = new Map<string, InstanceMetrics>();
      invocation.atEnd(async () => clients.forEach((client) => client.close()));
      return async (window, now) => {
        const all = await collectInstances(found, window, now, ({ name, region }, metric, span) => {
          const client = clients.get(region) ?? instanceMetrics(region);
          clients.set(region, client);
          const { name: metricName, unit, statistics } = metric;
          return client.ask({ ...span, instance: name, metric: metricName, unit, statistics });
        });
        const sheets = all.map((readings) => instanceSheet(readings, window));
        return {
          sheets,
          document: {
            loadBalancers: [],
            instances: sheets.map((sheet) => instanceDocument(sheet, window.period)),
          },
          screen: (terminal) =>
            sheets.length === 1
              ? renderSheet(sheets[0]!, window, terminal)
              : renderSheets(sheets, window, terminal),
        };
      };
    },
  };
}

async function instancesOf(balancer: Balancer): Promise<MeasuredInstance[]> {
  const { regionsOf } = await import('../../lib/providers/regions.ts');
  const { listInstances } = await import('../../lib/aws/lightsail/instances.ts');
  const { BALANCER_TAG } = await import('../../lib/aws/lightsail/tags.ts');
  const regions = await regionsOf(balancer);
  const all = (await Promise.all(regions.map((region) => listInstances(region)))).flat();
  const own = all.filter(({ tags }) => tags[BALANCER_TAG] === balancer.name);
  if (own.length > 0) return own.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  throw new UserError(
    'input',
    'no-instance',
    `there is no instance of ${balancer.name} in ${regions.join(' ')}`,
    { hint: 'lbctl up makes what lb.yaml asks for' },
  );
}
