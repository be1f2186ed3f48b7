import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Facts, Given } from '../../lib/init/question.ts';
import { wordsOf } from '../../lib/init/words.ts';
import { withProgress } from '../../lib/ui/progress.ts';
import type { Terminal } from '../../lib/ui/terminal.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Milliseconds that somebody is kept waiting for what AWS has. */
const PATIENCE = 4_000;

/** Variables by which the SDK finds credentials. */
const SIGNS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

/** What is known, and looks on AWS for more. */
export interface Looking {
  facts(): Facts;
  /** Whether AWS has told all that it was asked for. */
  isOnAws(): boolean;
  /** Looks at what a question needs, once a Region. */
  before(id: string, given: Given): Promise<void>;
}

/** Nobody is asked, and no client of AWS is loaded, where nothing speaks for AWS. */
export function lookingAround(from: Facts, env: Env, terminal: Terminal): Looking {
  let facts = from;
  let seen: string | undefined;
  let isTold = false;
  let isHomeKnown = from.region !== undefined;
  return {
    facts: () => facts,
    isOnAws: () => isTold,
    async before(id, given) {
      const { provider } = given;
      if (provider === undefined || id === 'name' || id === 'provider') return;
      const isOnAws = provider !== 'local' && provider !== 'ssh';
      if (!isOnAws && !speaksForAws(env)) return;
      if (!isHomeKnown) {
        isHomeKnown = true;
        facts = { ...facts, region: await profileRegion() };
      }
      if (id === 'region') return;
      const region = wordsOf(given['region'])[0] ?? facts.region ?? 'us-east-1';
      if (seen === region) return;
      seen = region;
      const { inventoryIn } = await import('../../lib/aws/inventory.ts');
      await withProgress(terminal, { yes: false }, async (io) => {
        io.notify({ kind: 'start', text: `looking at what is in ${region}` });
        const { trouble, ...found } = await inventoryIn(region, PATIENCE);
        facts = { ...facts, ...found };
        isTold = trouble === undefined;
        const { instances, zones, balancers } = found;
        if (trouble) io.notify({ kind: 'info', text: `${trouble.message}; you can type what it would list` });
        else
          io.notify({
            kind: 'info',
            text: `${region}: ${count(instances, 'running instance')}, ${count(balancers, 'Network Load Balancer')}; ${count(zones, 'hosted zone')}`,
          });
      });
    },
  };
}

function speaksForAws(env: Env): boolean {
  const file = env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(env['HOME'] ?? homedir(), '.aws', 'credentials');
  return SIGNS.some((sign) => (env[sign] ?? '') !== '') || existsSync(file);
}

async function profileRegion(): Promise<string | undefined> {
  const { homeRegion } = await import('../../lib/aws/lightsail/region.ts');
  return homeRegion().catch(() => undefined);
}

function count(things: readonly unknown[], word: string): string {
  return `${things.length === 0 ? 'no' : things.length} ${word}${things.length === 1 ? '' : 's'}`;
}
