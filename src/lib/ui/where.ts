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
  const painted = (key: string | undefined): string => {
    const letter = key === undefined ? undefined : letters.get(key);
    return letter === undefined ? (key === undefined ? ' ' : style.dim('·')) : paint.get(letter)!(letter);
  };
  // a character is about twice as high as it is wide
  const step = width >= 2 * 72 ? 1 : 2;
  const map = told.world
    .filter((_, row) => row % 2 === 0)
    .map((row, index) => {
      const below = told.world[2 * index + 1] ?? [];
      return row
        .flatMap((cell, column) =>
          column % step === 0 ? [cell ?? below[column] ?? row[column + step - 1]] : [],
        )
        .map(painted)
        .join('');
    });
  const differ =
    new Set(told.states.flat().map((code) => (code === undefined ? undefined : letters.get(`us:${code}`))))
      .size > 2;
  const tiles = told.states.map((row) =>
    row.map((code) => (code === undefined ? '  ' : `${painted(`us:${code}`)} `)).join(''),
  );
  return [
    style.bold(visible(title)),
    ...table(audiences.map(({ letter, answer, clients }) => [letter, answer, audienceOf(clients)])).map(
      (line) => (paint.get(line[0]!) ?? style.dim)(line),
    ),
    '',
    ...map.map((line) => line.trimEnd()),
    ...(differ ? ['', style.dim('United States'), ...tiles.map((line) => line.trimEnd())] : []),
  ].join('\n');
}
