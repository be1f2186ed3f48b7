import { UserError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { readSaid } from '../../release/node/words.ts';
import type { Transport } from '../../release/transports/transport.ts';
import { until } from './wait.ts';

/** Milliseconds for sshd to let somebody in after an instance runs. */
const LOGIN = 300_000;
/** Whole or not at all, and nothing that the script starts reads the rest of it. */
const PASSING = 'script=$(cat); case $script in *"# whole") exec sh -c "$script" ;; *) exit 1 ;; esac';
/** Milliseconds after which it is told that nobody gets through. */
const SILENT = 40_000;
/** An instance that has just started to run says these for a while. */
const BOOTING = new Set([
  'connection-refused',
  'connection-timeout',
  'connection-closed',
  'connection-lost',
  'no-route',
  'permission-denied',
]);

/**
 * Has an instance run the script of its first boot to the end: where user data has done so nothing is left to do, where
 * it is at work it is waited for, and where it failed or never ran the script runs now.
 * @param limit milliseconds that a machine may take until somebody can log in.
 * @throws UserError `failed` with what the programs there said.
 */
export async function finishBoot(
  transport: Transport,
  script: string,
  io: Pick<Io, 'notify'>,
  limit: number = LOGIN,
): Promise<void> {
  const { name } = transport;
  let last: UserError | undefined;
  let told = false;
  const begun = Date.now();
  await until(
    async () => {
      try {
        return await transport.run(['true']);
      } catch (error) {
        if (!(error instanceof UserError) || !BOOTING.has(error.code)) throw error;
        last = error;
        if (!told && Date.now() - begun > SILENT) {
          told = true;
          io.notify({
            kind: 'warn',
            text: `${error.message}; ${error.hint ?? 'it is tried for some minutes'}`,
          });
        }
        return null;
      }
    },
    { what: `nobody can log in at ${name}`, limit, hint: '' },
  ).catch((error: unknown) => {
    throw error instanceof UserError && error.code === 'too-slow' && last ? last : error;
  });
  const evidence: string[] = [];
  let failed = '';
  const { code, stderr } = await transport.run(['sh', '-c', PASSING], {
    input: Buffer.from(script),
    onLine(line) {
      const { word, parts } = readSaid(line);
      if (word === 'step') io.notify({ kind: 'info', text: `${name}: ${parts[0]}` });
      else if (word === 'failed') failed = parts[0] ?? '';
      else if (word === 'evidence') evidence.push(parts[0] ?? '');
    },
  });
  if (code === 0) return;
  throw new UserError('failed', 'first-boot', `${name}: ${failed || 'NGINX could not be set up'}`, {
    evidence: [...evidence, ...stderr.split('\n').filter((line) => line !== '')],
    hint: 'run lbctl up again, which goes on from here; /var/log/lbctl-first-boot.log there tells all',
  });
}
