import type { RestInput, RestOutput } from '../protocols/rest-xml.ts';
import { element, type Xml } from '../protocols/xml.ts';
import type { Operation } from '../service.ts';
import type { Route53State } from './state.ts';

type Run = (state: Route53State, input: RestInput, context: { readonly now: Date }) => RestOutput;

export const reading = (run: Run): Operation<Route53State> => ({
  mutates: false,
  run: run as Operation<Route53State>['run'],
});
export const changing = (run: Run): Operation<Route53State> => ({
  mutates: true,
  run: run as Operation<Route53State>['run'],
});

/** The element of a response, with what stands in it. */
export const answer = (name: string, ...inside: readonly (Xml | undefined)[]): RestOutput => ({
  body: element(name, ...inside),
});
