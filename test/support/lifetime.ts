import { afterAll } from 'vitest';

type End = () => void | Promise<void>;

const ends: End[] = [];

/** Has something stopped or removed after the last test of the file, the newest first, whatever happened before. */
export function atEnd(end: End): void {
  ends.push(end);
}

afterAll(async () => {
  const failures: unknown[] = [];
  for (const end of ends.splice(0).toReversed()) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
});
