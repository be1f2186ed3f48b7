import type { AlarmService } from '../../lib/aws/alarms.ts';
import { InvalidInput, UserError } from '../../lib/errors.ts';
import { prefixOf } from '../../lib/metrics/alarms/alarm.ts';
import { type AlarmStep, type Existing, monthlyOf, planAlarms } from '../../lib/metrics/alarms/plan.ts';
import { wantedAlarms, watchedIn } from '../../lib/metrics/alarms/wanted.ts';
import { readAlarms } from '../../lib/metrics/alarms/words.ts';
import type { NetworkBalancer } from '../../lib/metrics/balancer.ts';
import { choose, regionsFor } from '../../lib/metrics/choose.ts';
import { loadBalancer, type Loaded } from '../../lib/source/load.ts';
import type { Invocation } from '../command.ts';
import { isOfStack } from './stack.ts';

/** What the alarms of a balancer are in a Region. */
export interface Sight {
  readonly loaded: Loaded;
  /** Null where they are part of a stack, which has a load balancer of its own. */
  readonly balancer: NetworkBalancer | null;
  /** As lb.yaml names it; undefined where that of the environment is meant. */
  readonly region: string | undefined;
  readonly service: AlarmService;
  readonly existing: readonly Existing[];
}

/**
 * Finds the Network Load Balancer that lb.yaml names, and the alarms that it has already.
 * @throws UserError where there is no such balancer; InvalidInput where topics are in another Region.
 */
export async function look(invocation: Invocation): Promise<Sight> {
  const [sight] = await lookEverywhere(invocation);
  return sight!;
}

/** The same in all Regions: one that is a stack has its alarms in each of them. */
export async function lookEverywhere(invocation: Invocation): Promise<Sight[]> {
  const loaded = await loadBalancer(invocation);
  const { alarms, name, regions = [undefined] } = loaded.balancer;
  if (alarms === undefined)
    throw new UserError('input', 'no-alarms', `${loaded.file} says nothing of alarms`, {
      hint: 'such as: alarms: { notify: arn:aws:sns:us-east-1:111122223333:ops }',
    });
  if (isOfStack(loaded.balancer))
    return Promise.all(regions.map((region) => alarmsIn(region, { loaded, balancer: null }, invocation)));
  const word = alarms.balancer ?? name;
  const [region] = regionsFor([word]);
  const { networkBalancersIn } = await import('../../lib/aws/load-balancers.ts');
  const found = await networkBalancersIn(region).catch((error: unknown) => {
    throw error instanceof UserError && error.code === 'no-region' ? nowhere(word, loaded, error) : error;
  });
  const [balancer] = choose([word], found);
  refuseOtherRegions(loaded, balancer!);
  return [await alarmsIn(balancer!.region, { loaded, balancer: balancer! }, invocation)];
}

/** What is watched stands in front of what lbctl runs, which only ec2 makes. */
function nowhere(word: string, { balancer: { provider } }: Loaded, cause: UserError): UserError {
  const message = `alarms watch the Network Load Balancer ${word}, and no Region is named where it could be found`;
  return new UserError('input', 'no-region', message, {
    hint: `provider ${provider} makes none: name the Region of the one in front, export AWS_REGION=us-east-1, or its ARN: alarms: { balancer: ARN }`,
    cause,
  });
}

async function alarmsIn(
  region: string | undefined,
  of: Pick<Sight, 'loaded' | 'balancer'>,
  invocation: Invocation,
): Promise<Sight> {
  const { alarmService } = await import('../../lib/aws/alarms.ts');
  const service = alarmService(region);
  invocation.atEnd(async () => service.close());
  const existing = readAlarms(await service.list(prefixOf(of.loaded.balancer.name)));
  return { ...of, region, service, existing };
}

/** An alarm can only tell a topic of its own Region. */
function refuseOtherRegions(
  { balancer: { alarms }, file, source }: Loaded,
  { name, region }: NetworkBalancer,
): void {
  const problems = alarms!.notify.flatMap((topic, index) => {
    const other = topic.split(':')[3]!;
    if (other === region) return [];
    const message = `${topic} is in ${other}, and the alarms of ${name} are in ${region}`;
    const span = source.spanOf(['alarms', 'notify', index]) ?? source.spanOf(['alarms', 'notify']);
    return [
      {
        message,
        hint: `make a topic there: aws sns create-topic --region ${region} --name ops`,
        ...(span ? { span } : {}),
      },
    ];
  });
  if (problems.length > 0) throw new InvalidInput(file, problems);
}

/** What brings them to what lb.yaml says, and what they cost a month then: nothing, and null, where a stack does it. */
export function stepsFor({ loaded, balancer, existing }: Sight): {
  steps: AlarmStep[];
  monthly: number | null;
} {
  if (balancer === null) return { steps: [], monthly: null };
  const { alarms, name } = loaded.balancer;
  const wanted = wantedAlarms(name, watchedIn(balancer), alarms!);
  return { steps: planAlarms(wanted, existing), monthly: monthlyOf(wanted) };
}
