import { setTimeout as sleep } from 'node:timers/promises';
import { type FailedLaunch, failedLaunches, groupNamed } from '../../aws/auto-scaling.ts';
import { UserError } from '../../errors.ts';
import { kindOf } from './failure.ts';

/** Milliseconds between two looks, at first and at most. */
const FIRST = 500;
const LONGEST = 8000;
/** Milliseconds until nodes are given up: a first boot installs NGINX and serves within some three minutes. */
const LIMIT = 1200_000;
/** Launches that have failed for each node that is missing, after which no others are waited for: the group goes on trying. */
const TRIES = 3;
/** As far as the list of what the group has done goes back. */
const MOST_TRIES = 15;

/** The nodes of a Region. */
interface Group {
  readonly name: string;
  readonly region: string;
  /** Log group in which nodes write what they have done. */
  readonly log: string | null;
  /** Launches that had failed already, by their IDs. */
  readonly known: ReadonlySet<string>;
}

interface Waiting {
  tell(text: string): void;
  /** Told of what is not as it should be. */
  warn(text: string): void;
  /** Milliseconds until it is given up. */
  readonly limit?: number;
}

/**
 * Waits until a group has as many nodes in service as it should; what comes later by itself finds its release itself.
 * Where only some come, the others are told, and the group goes on trying.
 * @throws UserError `failed` where none ever serves, with why launches failed.
 */
export async function inService(group: Group, { tell, warn, limit = LIMIT }: Waiting): Promise<void> {
  const { name, region, known } = group;
  const end = Date.now() + limit;
  const heard = new Set(known);
  let told = '';
  for (let pause = FIRST; ; pause = Math.min(pause * 2, LONGEST)) {
    const { desired, instances } = await groupNamed(name, region);
    const serving = instances.filter(({ state }) => state === 'InService').length;
    const coming = instances.filter(({ state }) => state.startsWith('Pending'));
    const isDone = serving === desired && coming.length === 0;
    const text =
      serving > desired
        ? `${serving - desired} of ${serving} nodes are to go`
        : `${serving} of ${desired} nodes are in service`;
    if (text !== told && !(isDone && told === '')) tell(text);
    told = text;
    if (isDone) return;
    const all = serving < desired ? await failedLaunches(name, region) : [];
    const failed = all.filter(({ id }) => !known.has(id)).toReversed();
    for (const one of failed) if (!heard.has(one.id)) tell(`a launch failed: ${wordsOf(one)}`);
    for (const { id } of failed) heard.add(id);
    // where none is coming, the others are not tried any more either
    const tries = coming.length === 0 ? TRIES : Math.min(TRIES * (desired - serving), MOST_TRIES);
    const isHopeless = serving < desired && failed.length >= tries;
    if (isHopeless || Date.now() + pause > end) {
      const last = failed.at(-1);
      const { code, hint } = last ? whyOf(last, group) : silent(group, coming[0]?.id ?? instances[0]?.id);
      if (serving > 0) {
        if (serving < desired) warn(`only ${text}; it goes on with these: ${hint}`);
        return;
      }
      const reason = last === undefined ? '' : `: ${wordsOf(last)}`;
      throw new UserError('failed', code, `no node of ${name} in ${region} comes into service${reason}`, {
        evidence: othersOf(failed),
        hint,
      });
    }
    await sleep(pause);
  }
}

/** What has become of the others, each reason once; nodes that gave themselves up are counted. */
function othersOf(failed: readonly FailedLaunch[]): string[] {
  const others = failed.slice(0, -1);
  const given = others.filter(({ reason }) => GIVEN_UP.test(reason)).length;
  const words = others.filter(({ reason }) => !GIVEN_UP.test(reason)).map(wordsOf);
  return [
    ...(given === 0
      ? []
      : [`${given} more gave ${given === 1 ? 'itself' : 'themselves'} up since this run began`]),
    ...new Set(words.filter((line) => line !== wordsOf(failed.at(-1)!))),
  ];
}

/** What has become of an instance whose node said that it cannot serve, or said nothing. */
const GIVEN_UP = /failed to complete user's Lifecycle Action/iu;

function wordsOf({ instance, reason }: FailedLaunch): string {
  if (!GIVEN_UP.test(reason)) return reason.replace(/\s*$/u, '');
  return `${instance ?? 'a node'} ${/Heartbeat Timeout/iu.test(reason) ? 'has said nothing for too long' : 'gave itself up, as it cannot serve the release'}`;
}

function whyOf(launch: FailedLaunch, group: Group): { code: string; hint: string } {
  if (GIVEN_UP.test(launch.reason)) return silent(group, launch.instance ?? undefined);
  const event = { logicalId: 'Nodes', type: 'AWS::EC2::Instance', reason: launch.reason };
  return kindOf(event, group.region);
}

/** Where to look for what a node has done. */
function silent({ region, log }: Group, instance = 'ID'): { code: string; hint: string } {
  const hint =
    log === null
      ? `its console tells why: aws ec2 get-console-output --latest --region ${region} --instance-id ${instance}`
      : `its log tells why: aws logs tail ${log} --since 2h --region ${region} --log-stream-names ${instance}`;
  return { code: 'nodes-failed', hint: `${hint}; once that is mended, run lbctl up again` };
}
