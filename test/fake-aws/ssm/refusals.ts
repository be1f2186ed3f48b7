import { AwsError } from '../errors.ts';

/** Names of commands. */
export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

export function refuse(code: string, message: string): AwsError {
  return new AwsError(400, code, message);
}

/** As AWS words what a member must be. */
export function constraint(value: unknown, member: string, what: string): AwsError {
  return refuse(
    'ValidationException',
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${what}`,
  );
}

export function onlyMembers(input: object, ...names: readonly string[]): void {
  for (const name of Object.keys(input))
    if (!names.includes(name)) throw refuse('ValidationException', `the fake does not know ${name}`);
}
