import { BlockList, isIP } from 'node:net';
import type { WantedCheck } from '../wanted/wanted.ts';
import { type Check, error, type Finding } from './check.ts';

/** Regions that checkers of Route 53 are in (HealthCheckConfig, Regions). */
const CHECKERS = [
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'eu-west-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'sa-east-1',
];
/** Checkers that must be asked from at least, and characters of a search string and a path. */
const [FEWEST, SEARCH, PATH] = [3, 255, 255];

export const healthChecks: Check = {
  id: 'health-checks',
  summary: 'health checks are such that Route 53 takes them',
  find: ({ wanted: { checks, sets } }) =>
    checks.flatMap((check) => {
      const set = sets.find(({ HealthCheckId }) => HealthCheckId === check.reference);
      return set ? faultsOf(check).map((fault) => ({ ...fault, set })) : [];
    }),
};

function faultsOf({ title, config }: WantedCheck): readonly Omit<Finding, 'set'>[] {
  const { RequestInterval: interval, FailureThreshold: threshold, Regions: regions } = config;
  const faults: Omit<Finding, 'set'>[] = [];
  const wrong = (message: string, hint?: string) =>
    faults.push(error(`health check of ${title}: ${message}`, hint));
  if (interval !== 10 && interval !== 30)
    wrong(`it asks every 10 or every 30 seconds, not every ${interval}`);
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > 10)
    wrong(`it changes its mind after 1 to 10 answers, not after ${threshold}`);
  if (config.Port < 1 || config.Port > 65_535) wrong(`${config.Port} is no port`);
  if (regions && regions.length < FEWEST) wrong(`at least ${FEWEST} Regions must ask, not ${regions.length}`);
  for (const region of regions ?? [])
    if (!CHECKERS.includes(region))
      wrong(`nobody asks from ${region}`, `they ask from ${CHECKERS.join(', ')}`);
  if (
    config.SearchString !== undefined &&
    (config.SearchString === '' || config.SearchString.length > SEARCH)
  )
    wrong(`the text to look for has 1 to ${SEARCH} characters`);
  if (
    config.ResourcePath !== undefined &&
    (!config.ResourcePath.startsWith('/') || config.ResourcePath.length > PATH)
  )
    wrong(`its path begins with / and has at most ${PATH} characters`);
  if (config.IPAddress !== undefined && isLocal(config.IPAddress))
    wrong(`Route 53 cannot ask ${config.IPAddress}, which is not reached from the internet`);
  return faults;
}

const LOCAL = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  LOCAL.addSubnet(network, bits);

function isLocal(address: string): boolean {
  return isIP(address) === 4 && LOCAL.check(address);
}
