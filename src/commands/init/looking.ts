import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { KindName } from '../../lib/aws/inventory/inventory.ts';
import type { UserError } from '../../lib/errors.ts';
import type { Facts, Given } from '../../lib/init/question.ts';
import { wordsOf } from '../../lib/init/words.ts';
import { withProgress } from '../../lib/ui/progress.ts';
import type { Terminal } from '../../lib/ui/terminal.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Milliseconds that somebody is kept waiting for what AWS has. */
const PATIENCE = 4_000;

/** What there is where nothing is told. */
const NOTHING = {
  instances: [],
  groups: [],
  zones: [],
  balancers: [],
  vpcs: [],
  certificates: [],
  topics: [],
} as const;

/** What things are called, those that are in a Region first. */
const WORDS: Readonly<Record<KindName, string>> = {
  instances: 'running instance',
  groups: 'Auto Scaling group',
  balancers: 'Network Load Balancer',
  vpcs: 'VPC',
  certificates: 'certificate',
  topics: 'SNS topic',
  zones: 'hosted zone',
};

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
  /** Whether AWS has told something of what it was asked for. */
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
      const named = wordsOf(given['region']);
      const regions = named.length > 0 ? named : [facts.region ?? 'us-east-1'];
      const names = wantedKinds(provider, regions);
      const asked = [...names, ...regions].join(' ');
      if (seen === asked) return;
      seen = asked;
      const { inventoryIn } = await import('../../lib/aws/inventory/inventory.ts');
      await withProgress(terminal, { yes: false }, async (io) => {
        const where = regions.join(', ');
        io.notify({ kind: 'start', text: `looking at what is in ${where}` });
        const { found, trouble } = await inventoryIn(regions, names, PATIENCE);
        facts = { ...facts, ...NOTHING, ...found };
        isTold = Object.keys(found).length > 0;
        if (trouble) io.notify({ kind: 'info', text: toldOfTrouble(trouble) });
        const told = names.filter((name) => found[name] !== undefined);
        if (told.length > 0) io.notify({ kind: 'info', text: `${where}: ${toldOf(told, facts)}` });
      });
    },
  };
}

/** What questions are going to be asked about. */
function wantedKinds(provider: string, regions: readonly string[]): readonly KindName[] {
  switch (provider) {
    case 'lightsail':
      return ['instances', 'zones'];
    case 'ec2':
      // a VPC is in one Region, and servers that are found are
      return [
        ...(regions.length === 1 ? (['groups', 'vpcs'] as const) : []),
        'certificates',
        'topics',
        'zones',
      ];
    default:
      return ['instances', 'groups', 'balancers', 'topics', 'zones'];
  }
}

/** Without credentials it is the same for all that would be listed. */
function toldOfTrouble({ code, message }: UserError): string {
  return code === 'no-credentials'
    ? 'no AWS credentials here: nothing is listed to choose from, and all can be typed'
    : `${message}; you can type what it would list`;
}

function toldOf(names: readonly KindName[], facts: Facts): string {
  const words = names.map((name) => count(facts[name], WORDS[name]));
  return words.join(', ');
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
