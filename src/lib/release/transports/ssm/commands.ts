import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Invocation, MOST_INSTANCES, type RunCommand } from '../../../aws/ssm.ts';
import { codeOf } from '../../../aws/failure.ts';
import { Aborted, UserError } from '../../../errors.ts';
import type { Store } from '../../store/store.ts';
import type { Ran } from '../transport.ts';
import { fetchedScript, programScript, readPrinted, restScript, unpack } from './program.ts';
import { commandTrouble, hasEnded, left, lost, notManaged, unreachableIn } from './trouble.ts';

/** An instance, and what people know it by. */
export interface Machine {
  readonly instance: string;
  readonly name: string;
}

/** Commands to all instances of a Region. */
export interface Commands {
  /** Runs a program as root; those who ask for the same within a moment share a command. */
  run(machine: Machine, words: readonly string[], input?: Uint8Array): Promise<Ran>;
  /** Waits no longer for what is in work, which goes on by itself. */
  close(): void;
}

/** Which of some instances are no longer. */
export type Gone = (instances: readonly string[]) => Promise<ReadonlySet<string>>;

/** Milliseconds within which others may join a command: those who ask at once do it within a few. */
const MOMENT = 60;
/** Characters of a script that a command takes; the service itself takes some 60,000 with all around it (unverified). */
const LONGEST = 40_000;
/** Milliseconds between two looks at commands: at first, and at most. */
const FIRST_LOOK = 400;
const LAST_LOOK = 5_000;
/** The pause from which on it is asked whether those that say nothing are there still. */
const LONG_LOOK = 2_000;
/** Milliseconds for which a service that throttles, or does not answer, is asked again. */
const PATIENCE = 300_000;

interface Waiting {
  readonly machine: Machine;
  resolve(ran: Ran): void;
  reject(error: unknown): void;
}

interface Batch {
  readonly words: readonly string[];
  readonly input: Uint8Array | undefined;
  readonly waiting: Waiting[];
}

/** A printed end of a command. */
interface End {
  readonly invocation: Invocation;
  readonly printed: string;
}

export function commandsBy(service: RunCommand, store: Store, gone: Gone): Commands {
  const batches = new Map<string, Batch>();
  const stop = new AbortController();
  const source = { bucket: store.bucket, region: store.region };

  function run(machine: Machine, words: readonly string[], input?: Uint8Array): Promise<Ran> {
    const digest = createHash('sha256')
      .update(input ?? '')
      .digest('hex');
    const key = JSON.stringify([digest, ...words]);
    return new Promise((resolve, reject) => {
      let batch = batches.get(key);
      if (batch === undefined || batch.waiting.some((other) => other.machine.instance === machine.instance)) {
        batch = { words, input, waiting: [] };
        batches.set(key, batch);
        const begun = batch;
        void sleep(MOMENT).then(() => {
          if (batches.get(key) === begun) batches.delete(key);
          return begin(begun);
        });
      }
      batch.waiting.push({ machine, resolve, reject });
    });
  }

  async function begin({ words, input, waiting }: Batch): Promise<void> {
    const id = randomUUID();
    try {
      const kept = input === undefined || input.length === 0 ? undefined : await store.keep(input);
      const script = await shortened(id, programScript(source, id, words, kept));
      const comment = `lbctl ${words.slice(0, 2).join(' ')}`.slice(0, 100);
      for (let from = 0; from < waiting.length; from += MOST_INSTANCES)
        void work(id, script, comment, waiting.slice(from, from + MOST_INSTANCES));
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  async function shortened(id: string, script: string): Promise<string> {
    if (script.length <= LONGEST) return script;
    return fetchedScript(source, id, await store.keep(Buffer.from(`#!/bin/sh\n${script}`)));
  }

  /** Has some instances run a script, and settles each as soon as it has ended there. */
  async function work(
    id: string,
    script: string,
    comment: string,
    waiting: readonly Waiting[],
  ): Promise<void> {
    const open = new Map(waiting.map((one) => [one.machine.instance, one]));
    try {
      const machines = waiting.map(({ machine }) => machine);
      await command(machines, script, comment, (instance, end) => {
        const one = open.get(instance)!;
        open.delete(instance);
        void settled(id, one, end);
      });
    } catch (error) {
      for (const { machine, reject } of open.values())
        reject(stop.signal.aborted ? lost(machine.name, []) : error);
    }
  }

  async function settled(
    id: string,
    { machine, resolve, reject }: Waiting,
    end: End | UserError,
  ): Promise<void> {
    try {
      if (end instanceof UserError) throw end;
      resolve(await finish(id, machine, end));
    } catch (error) {
      // that it is no longer explains whatever else is told of it
      const away = await goneOf([machine.instance]);
      reject(away.has(machine.instance) ? left(machine.name) : error);
    }
  }

  /** None where that cannot be told. */
  const goneOf = (instances: readonly string[]): Promise<ReadonlySet<string>> =>
    gone(instances).catch(() => new Set());

  async function finish(id: string, machine: Machine, { invocation, printed }: End): Promise<Ran> {
    const said = readPrinted(printed);
    if (said === null) throw commandTrouble(machine.name, invocation, printed);
    let { packed } = said;
    while (packed.length < said.size) {
      const rest = await restOf(id, machine, packed.length);
      if (rest === '') throw lost(machine.name, ['what it printed cannot be read to its end']);
      packed += rest;
    }
    const ran = unpack(packed);
    if (ran === null) throw lost(machine.name, ['what it printed did not come whole']);
    return ran;
  }

  /** More of what came of a run than its command could print. */
  async function restOf(id: string, machine: Machine, offset: number): Promise<string> {
    let found: End | UserError | undefined;
    await command([machine], restScript(id, offset), 'lbctl', (_, end) => (found = end));
    if (found instanceof UserError) throw found;
    return found!.printed;
  }

  /** Has instances run a script; those that are not to be reached are told, and the others begin all the same. */
  async function command(
    machines: readonly Machine[],
    script: string,
    comment: string,
    settle: (instance: string, end: End | UserError) => void,
  ): Promise<void> {
    let rest = machines;
    let name: string | undefined;
    while (name === undefined && rest.length > 0) {
      const instances = rest.map(({ instance }) => instance);
      try {
        name = await patiently(() => service.send(instances, script, comment));
      } catch (error) {
        if (!(error instanceof UserError) || codeOf(error) !== 'InvalidInstanceId') throw error;
        const named = unreachableIn(error, instances);
        const gone = new Set(named.length === 0 ? instances : named);
        for (const { instance, name: known } of rest)
          if (gone.has(instance)) settle(instance, notManaged(known, instance));
        rest = rest.filter(({ instance }) => !gone.has(instance));
      }
    }
    if (name !== undefined) await watch(name, rest, settle);
  }

  async function watch(
    name: string,
    machines: readonly Machine[],
    settle: (instance: string, end: End | UserError) => void,
  ): Promise<void> {
    const open = new Set(machines.map(({ instance }) => instance));
    for (let pause = FIRST_LOOK; open.size > 0; pause = Math.min(pause * 1.3, LAST_LOOK)) {
      await sleep(pause, undefined, { signal: stop.signal });
      const ended = (await patiently(() => service.invocations(name))).filter(
        (one) => open.has(one.instance) && hasEnded(one),
      );
      for (const one of ended) open.delete(one.instance);
      await Promise.all(
        ended.map(async (invocation) =>
          settle(invocation.instance, { invocation, printed: await printedBy(name, invocation) }),
        ),
      );
      if (pause < LONG_LOOK || open.size === 0) continue;
      // a command to one that is no longer never ends
      const away = await goneOf([...open]);
      for (const { instance, name: known } of machines)
        if (away.has(instance) && open.delete(instance)) settle(instance, left(known));
    }
  }

  /** What an instance has printed: the list of commands has the beginning of it. */
  async function printedBy(name: string, { instance, output, status }: Invocation): Promise<string> {
    const said = readPrinted(output);
    if (status === 'Success' && said !== null && said.packed.length >= said.size) return output;
    const { stdout, stderr } = await patiently(() => service.printed(name, instance));
    return status === 'Success' ? stdout : `${stdout}${stderr}`;
  }

  /** A call that may be made again: what a node runs, it runs once. */
  async function patiently<Result>(call: () => Promise<Result>): Promise<Result> {
    const end = Date.now() + PATIENCE;
    for (let pause = 1_000; ; pause = Math.min(pause * 2, 20_000)) {
      if (stop.signal.aborted) throw new Aborted();
      try {
        return await call();
      } catch (error) {
        const passes = error instanceof UserError && ['throttled', 'unreachable'].includes(error.code);
        if (!passes || Date.now() + pause > end) throw error;
        await sleep(pause * (0.5 + Math.random()), undefined, { signal: stop.signal });
      }
    }
  }

  return { run, close: () => stop.abort() };
}
