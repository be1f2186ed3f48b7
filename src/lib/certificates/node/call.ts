import { createHash } from 'node:crypto';
import { callScript, type NodeScript } from '../../release/node/call.ts';
import type { Node } from '../../release/node/place.ts';
import type { Ran, RunOptions } from '../../release/transports/transport.ts';
import script from './certificates.sh';

type Verb = 'observe' | 'prepare' | 'meet' | 'obtain' | 'renew' | 'forget';

const CERTIFICATES: NodeScript<Verb> = {
  stem: 'certificates',
  text: script,
  looking: new Set(['observe']),
};

/** SHA-256 of the script, by which one that a timer runs is known to be this one. */
export const SCRIPT_DIGEST = createHash('sha256').update(script).digest('hex');

/** Runs a verb of `certificates.sh` on a node. */
export function callCertificates(
  node: Node,
  verb: Verb,
  settings: Readonly<Record<string, string>> = {},
  running: RunOptions = {},
): Promise<Ran> {
  return callScript(CERTIFICATES, node, verb, settings, running);
}
