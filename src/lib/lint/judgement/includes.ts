import type { Block } from '../model/model.ts';

/**
 * Whether a block or one around it includes a file of such a name. Files of packages may be missing where a
 * configuration is looked at, which counts as whole all the same.
 */
export function includesNamed(block: Block, name: RegExp): boolean {
  for (let one: Block | undefined = block; one; one = one.parent) {
    const statements = one.directive?.block?.statements ?? [];
    const found = statements.some(
      (statement) =>
        statement.kind === 'directive' &&
        statement.name === 'include' &&
        name.test(statement.words[1]?.value ?? ''),
    );
    if (found) return true;
  }
  return false;
}
