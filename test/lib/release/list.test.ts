import { expect, test } from 'vitest';
import { type Action, FRESH } from '../../../src/lib/release/history.ts';
import { listReleases } from '../../../src/lib/release/list.ts';

test('releases that came in the same second are listed by what came last', () => {
  const time = new Date('2026-01-01T12:00:00Z');
  const action = (release: string): Action => ({
    time,
    who: 'ops@host',
    action: 'deploy',
    release,
    before: null,
    outcome: 'kept',
    about: {},
  });
  const history = ['aa', 'bb', 'aa', 'cc'].map(action);
  const listed = listReleases({ ...FRESH, current: 'cc', releases: ['dd', 'aa', 'bb', 'cc'], history });
  expect(listed.map(({ id }) => id)).toEqual(['cc', 'aa', 'bb', 'dd']);
});
