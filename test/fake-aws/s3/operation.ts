import type { Context, Operation } from '../service.ts';
import type { S3Input, S3Output } from './protocol.ts';
import type { State } from './state.ts';

type Run = (state: State, input: S3Input, context: Context) => S3Output;
export const reading = (run: Run): Operation<State> => ({
  mutates: false,
  run: run as Operation<State>['run'],
});
export const changing = (run: Run): Operation<State> => ({
  mutates: true,
  run: run as Operation<State>['run'],
});

/** Operations by their names. */
export type Operations = Readonly<Record<string, Operation<State>>>;

/** Keys that one call deletes, or one page lists. */
export const MOST = 1000;
