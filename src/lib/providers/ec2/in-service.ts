import { setTimeout as sleep } from 'node:timers/promises';
import { instancesOf } from '../../aws/auto-scaling.ts';
import { UserError } from '../../errors.ts';

/** Milliseconds between two looks, at first and at most. */
const FIRST = 500;
const LONGEST = 8000;
/** Milliseconds until nodes are given up: a first boot installs NGINX and serves within some three minutes. */
const LIMIT = 1200_000;

/**
 * Waits for the nodes of a group to serve; what comes later by itself finds its release itself.
 * @param limit milliseconds until it is given up.
 * @throws UserError `failed` where none ever does.
 */
export async function inService(
  group: string,
  region: string,
  tell: (text: string) => void,
  limit: number = LIMIT,
): Promise<void> {
  const end = Date.now() + limit;
  let told = '';
  for (let pause = FIRST; ; pause = Math.min(pause * 2, LONGEST)) {
    const instances = await instancesOf(group, region);
    const serving = instances.filter(({ state }) => state === 'InService').length;
    const coming = instances.filter(({ state }) => state.startsWith('Pending')).length;
    if (serving > 0 && coming === 0) return;
    const text = `${serving} of ${serving + coming} nodes are in service`;
    if (text !== told) tell(text);
    told = text;
    if (Date.now() + pause > end) {
      if (serving > 0) return;
      const [last] = instances;
      throw new UserError('failed', 'nodes-failed', `no node of ${group} in ${region} comes into service`, {
        hint: `their console tells why: aws ec2 get-console-output --latest --region ${region} --instance-id ${last?.id ?? 'ID'}; once that is mended, run lbctl up again`,
      });
    }
    await sleep(pause);
  }
}
