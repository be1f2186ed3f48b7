import { UserError } from '../errors.ts';
import type { Node } from './node/place.ts';
import { partsOf } from './node/words.ts';
import type { Ran } from './transports/transport.ts';

/** What went wrong on a node, with what the node said of it. */
export function nodeFailure({ transport: { name }, root }: Node, { code, stdout, stderr }: Ran): UserError {
  const evidence = [
    ...partsOf(stdout, 'evidence').flat(),
    ...stderr.split('\n').filter((line) => line !== ''),
  ];
  const [check, reason] = partsOf(stdout, 'failed').at(-1) ?? [];
  switch (code) {
    case 10: {
      const isStopped = partsOf(stdout, 'step').some(([phase]) => phase === 'halting');
      const now = isStopped ? 'NGINX is stopped again' : 'the release before serves again';
      return new UserError('failed', 'taken-back', `${name}: ${reason}; ${now}`, {
        evidence,
        hint: 'mend what the evidence shows and run the command again',
      });
    }
    case 11:
      return new UserError(
        'failed',
        'refused',
        `${name}: ${reason ?? 'nothing can be written there'}; nothing was changed`,
        { evidence, hint: hintFor(check, evidence, root) },
      );
    case 12:
      return new UserError(
        'failed',
        'stuck',
        `${name}: ${reason}, and the release before does not serve either`,
        {
          evidence,
          hint: `look at the node now; what lbctl did there is in ${root}/history`,
        },
      );
    case 75: {
      const [by, why, age] = partsOf(stdout, 'locked')[0] ?? [];
      return new UserError('failed', 'locked', `${name}: ${by} is at work (${why}, for ${age} s)`, {
        hint: 'wait for it with --lock-wait 60s',
      });
    }
    default:
      return new UserError(
        'failed',
        'node-failed',
        `${name}: the node's part of the work ended with ${code}`,
        {
          evidence: evidence.slice(-20),
        },
      );
  }
}

function hintFor(check: string | undefined, evidence: readonly string[], root: string): string | undefined {
  const text = evidence.join('\n');
  if (/No space left on device|quota exceeded/iu.test(text))
    return `make room there: df -h ${root} tells what is left`;
  if (/Read-only file system/u.test(text)) return 'its disk is read-only: dmesg there tells whether it fails';
  if (check === 'stopped') return 'lbctl up starts it';
  if (check === 'certificate' && /openssl/u.test(text)) return 'install openssl there';
  if (check === 'curl') return 'install it there: releases are asked with it whether they serve';
  if (check === 'check') return 'mend lb.yaml; lbctl lint lb.yaml finds most of what NGINX refuses';
  return undefined;
}
