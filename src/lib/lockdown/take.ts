import { setTimeout as sleep } from 'node:timers/promises';
import { type Firewalls, firewallsIn } from '../aws/lightsail/firewall.ts';
import { listInstances } from '../aws/lightsail/instances.ts';
import { UserError } from '../errors.ts';
import type { Io } from '../io.ts';
import { sameRules } from './closing.ts';
import type { LockdownStep } from './steps.ts';
import { ruleInWords } from './words.ts';

/** What AWS tells may lag behind: milliseconds until the second look, twice as many each time, and looks at most. */
const PAUSE = 250;
const LOOKS = 5;

/**
 * Takes steps one after the other, and makes sure that they are in force. It can be cut short anywhere: what was open is
 * remembered before it is closed, and forgotten after it is open again.
 * @throws UserError where somebody else has changed the rules of an instance since they were read, or AWS refuses.
 */
export async function takeSteps(steps: readonly LockdownStep[], io: Io): Promise<void> {
  const regions = new Map(
    [...new Set(steps.map(({ region }) => region))].map((region) => [region, firewallsIn(region)]),
  );
  const firewallsOf = ({ region }: LockdownStep): Firewalls => regions.get(region)!;
  try {
    for (const step of steps) await written(step, firewallsOf(step), io);
    for (const [region, firewalls] of regions)
      await confirmed(
        steps.filter((step) => step.region === region),
        firewalls,
      );
    for (const step of steps) {
      const { name, tag, memory } = step;
      if (memory === null) await firewallsOf(step).untag(name, tag);
    }
    io.notify({ kind: 'done', text: `${inWords(steps)}: AWS shows it so` });
  } finally {
    for (const firewalls of regions.values()) firewalls.close();
  }
}

/** `3 instances are closed to the world`. */
function inWords(steps: readonly LockdownStep[]): string {
  const isOpen = steps[0]?.kind === 'open';
  const [one] = steps;
  const who = steps.length === 1 ? `${one!.name} is` : `${steps.length} instances are`;
  return `${who} ${isOpen ? 'as open to the world as before' : 'closed to the world'}`;
}

async function written(step: LockdownStep, firewalls: Firewalls, io: Io): Promise<void> {
  const { name, kind, before, after, tag, memory, remembered } = step;
  const text = `${name}: ${kind === 'close' ? 'closing' : 'opening'}`;
  io.notify({ kind: 'start', text });
  // AWS takes the whole list: whatever somebody has added since would be gone. Lists of instances may lag behind, too
  const now = await firewalls.rules(name);
  if (!sameRules(now, before) && !sameRules(now, after)) throw changed(step, now);
  const isDone = sameRules(now, after);
  // a list may tell of a tag that is gone by now: what is remembered is written again before it is needed
  if (memory !== null && (memory !== remembered || !isDone)) await firewalls.tag(name, tag, memory);
  if (!isDone) await firewalls.put(name, after);
  io.notify({ kind: 'done', text: `${name}: ${kind === 'close' ? 'closed' : 'open'}` });
}

function changed({ name, before }: LockdownStep, now: LockdownStep['before']): UserError {
  const line = (rules: LockdownStep['before']): string => rules.map(ruleInWords).join('; ') || 'nothing';
  return new UserError(
    'failed',
    'rules-changed',
    `somebody has changed the firewall of ${name} since it was read`,
    {
      evidence: [`it let in: ${line(before)}`, `it lets in: ${line(now)}`],
      hint: 'nothing was changed there; run the command again, which goes by the rules as they are now',
    },
  );
}

/** Looks until all is as it was written: at the list, and at the firewalls of which that tells something else. */
async function confirmed(steps: readonly LockdownStep[], firewalls: Firewalls): Promise<void> {
  const listed = new Map((await listInstances(steps[0]!.region)).map(({ name, rules }) => [name, rules]));
  for (const { name, after } of steps) {
    let now = listed.get(name) ?? [];
    for (let look = 1; !sameRules(now, after); look++) {
      if (look > LOOKS) throw notInForce(name, now);
      if (look > 1) await sleep(PAUSE * 2 ** (look - 2));
      now = await firewalls.rules(name);
    }
  }
}

function notInForce(name: string, now: LockdownStep['before']): UserError {
  return new UserError(
    'failed',
    'not-in-force',
    `AWS does not show the firewall of ${name} as it was written`,
    {
      evidence: [`it lets in: ${now.map(ruleInWords).join('; ') || 'nothing'}`],
      hint: 'run the command again: somebody else may have changed it, or AWS be late',
    },
  );
}
