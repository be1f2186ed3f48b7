import type { Answered, Audience } from '../dns/answers/everywhere.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';
import { visible } from './visible.ts';

interface Told {
  /** `shop.example.com A` */
  readonly title: string;
  readonly answered: readonly Answered[];
  readonly audiences: readonly Audience[];
  /** The world in cells, and the states of the US. */
  readonly world: readonly (readonly (string | undefined)[])[];
  readonly states: readonly (readonly (string | undefined)[])[];
  /** Words for a number of clients. */
  readonly audienceOf: (clients: Audience['clients']) => string;
}

/** Every client in a row. */
export function renderClients({ title, answered }: Pick<Told, 'title' | 'answered'>, style: Style): string {
  const [head = '', ...rows] = table([
    ['from', 'name', 'answer', 'rule'],
    ...answered.map(({ client, answer, rule }) => [client.title, client.name, answer, rule]),
  ]);
  return [style.bold(visible(title)), style.dim(head), ...rows.map((row) => row.trimEnd())].join('\n');
}

/** The answers with how many get each, and the world with a letter of the answer everywhere. */
export function renderWorld(told: Told, width: number, style: Style): string {
  const { title, audiences, audienceOf } = told;
  const letters = new Map(
    audiences.flatMap(({ letter, clients }) => clients.map((client) => [client.title, letter] as const)),
  );
  const paints = [style.cyan, style.yellow, style.green, style.red];
  const paint = new Map(audiences.map(({ letter }, index) => [letter, paints[index] ?? style.dim]));
  const letterAt = (key: string | undefined): string =>
    key === undefined ? ' ' : (letters.get(key) ?? NOBODY);
  const drawn = (line: string): string =>
    line
      .trimEnd()
      // one escape sequence for all that have a colour in common, with the sea between them
      .replaceAll(/(\S)(?: *\1)*/gu, (run, letter: string) => (paint.get(letter) ?? style.dim)(run));
  const map = shrunk(told.world, width).map((row) => drawn(row.map(letterAt).join('')));
  const differ =
    new Set(told.states.flat().map((code) => (code === undefined ? undefined : letters.get(`us:${code}`))))
      .size > 2;
  const tiles = told.states.map((row) =>
    drawn(row.map((code) => letterAt(code === undefined ? undefined : `us:${code}`)).join(' ')),
  );
  return [
    style.bold(visible(title)),
    ...table(audiences.map(({ letter, answer, clients }) => [letter, answer, audienceOf(clients)])).map(
      (line) => (paint.get(line[0]!) ?? style.dim)(line),
    ),
    ...(map.length > 0 ? ['', ...map] : []),
    ...(differ ? ['', style.dim('United States'), ...tiles] : []),
  ].join('\n');
}

/** A place of which nothing is told. */
const NOBODY = '·';

/** The world as large as it fits into a width, at half of its size at most where it is not wide; none where it is too narrow. */
function shrunk(world: Told['world'], width: number): Told['world'] {
  const columns = world[0]!.length;
  const step = [1, 2, 4].find((by) => columns / by <= width);
  if (step === undefined) return [];
  // a character is about twice as high as it is wide
  const high = Math.max(step, 2);
  return world
    .filter((_, row) => row % high === 0)
    .map((row, index) => {
      const below = world[high * index + high / 2] ?? [];
      return row.flatMap((cell, column) =>
        column % step === 0 ? [cell ?? below[column] ?? row[column + Math.floor(step / 2)]] : [],
      );
    });
}
