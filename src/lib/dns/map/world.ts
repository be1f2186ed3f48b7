import { WORLD_ROWS } from '../places/data.ts';

/** Code of the country of a cell; undefined for the sea. */
export type Cell = string | undefined;

/** The world from the far north to the south, in rows of cells of 2.5 degrees. */
export function world(): readonly (readonly Cell[])[] {
  return WORLD_ROWS.split('\n').map((row) =>
    row.split(' ').flatMap((run) => {
      const [code, count] = [run.slice(0, 2), Number(run.slice(2))];
      return Array.from({ length: count }, () => (code === '..' ? undefined : code));
    }),
  );
}

/** The states of the United States as tiles: a letter's breadth each, about where they are. */
export const STATE_TILES = `
AK .. .. .. .. .. .. .. .. .. ME
.. .. .. .. .. .. .. .. .. VT NH
WA ID MT ND MN IL WI MI NY RI MA
OR NV WY SD IA IN OH PA NJ CT ..
CA UT CO NE MO KY WV VA MD DE ..
.. AZ NM KS AR TN NC SC DC .. ..
.. .. .. OK LA MS AL GA .. .. ..
HI .. .. TX .. .. .. .. FL .. ..`
  .trim()
  .split('\n')
  .map((row) => row.split(' ').map((code): Cell => (code === '..' ? undefined : code)));
