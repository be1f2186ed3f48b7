import type { Call } from './call.ts';

/** Milliseconds after which somebody wants to know what is waited for. */
const SILENCE = 5_000;

let tell: ((text: string) => void) | undefined;
let told = 0;

/** Has somebody told of calls that take long, whatever command makes them. */
export function whenSlow(listener: (text: string) => void): void {
  tell = listener;
}

/** Tells what is waited for where a call takes long; of several at once of the first. */
export async function tellingSlow<Result>(
  { doing, region }: Call,
  work: () => Promise<Result>,
): Promise<Result> {
  let mine = 0;
  const timer = setTimeout(() => {
    if (!tell || told > 0) return;
    mine = 1;
    told++;
    tell(`waiting for AWS: ${doing}${region === undefined ? '' : ` in ${region}`}`);
  }, SILENCE);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    told -= mine;
  }
}
