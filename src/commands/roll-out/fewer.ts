import { farFewer } from '../../lib/discovery/fewer.ts';
import { UserError } from '../../lib/errors.ts';
import { serversOn } from '../../lib/pool/serving.ts';
import type { Surveyed } from '../../lib/release/rollout/survey.ts';
import type { Loaded } from '../../lib/source/load.ts';
import type { Invocation } from '../command.ts';
import type { Choice } from './work.ts';

/** What is told of servers that were found, and why what is planned is not done where they are far fewer than before. */
export async function foundRemarks(
  { options }: Invocation,
  { found, remarks = [] }: Loaded,
  surveyed: readonly Surveyed[],
): Promise<Pick<Choice, 'remarks' | 'refusal'>> {
  if (!found) return {};
  const shrunk = farFewer(found, await serversOn(surveyed));
  const words = shrunk.map(
    ({ upstream, before, now }) => `upstream ${upstream} would have ${now} of ${before} servers left`,
  );
  const [first] = shrunk;
  if (!first || options['acceptFewer'] === true) return { remarks: [...remarks, ...words] };
  const hint = 'see whether what discover asks for is still right; if they are to go, add --accept-fewer';
  return {
    remarks: [...remarks, ...words.map((text) => `${text}: --accept-fewer is needed for that`)],
    refusal: new UserError('failed', 'far-fewer', words.join('; '), { hint }),
  };
}
