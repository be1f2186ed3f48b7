import { AwsError } from '../errors.ts';

/** Fields of a form of AWS Query, with the operation that it is for. */
export type Form = Readonly<Record<string, string>>;

/** Validation that is wanting; services that speak AWS Query share the code. */
export function invalid(message: string): AwsError {
  return new AwsError(400, 'ValidationError', message);
}

/** Refuses fields that the operation does not have: `Names` stands for `Names.member.1` and the like. */
export function onlyFields(form: Form, ...names: readonly string[]): void {
  for (const field of Object.keys(form))
    if (field !== 'operation' && !names.includes(field.split('.')[0]!))
      throw invalid(`Unknown parameter ${field}`);
}

/** A list, as `Names.member.1`, `Names.member.2`…; undefined where there is none. */
export function listIn(form: Form, name: string): string[] | undefined {
  const found: string[] = [];
  for (let index = 1; form[`${name}.member.${index}`] !== undefined; index++)
    found.push(form[`${name}.member.${index}`]!);
  return found.length === 0 ? undefined : found;
}
