import type { Block, Item } from '../../model.ts';
import type { Rule } from '../../rule.ts';

/** What NGINX looks at in the access phase, which comes after `return`. */
const GUARDS = ['deny', 'auth_basic', 'auth_request', 'auth_jwt'];

export const returnBeforeAccess: Rule = {
  id: 'security/return-before-access',
  severity: 'warning',
  summary: 'a fixed answer is given before access is checked',
  aliases: ['gixy:return_bypasses_allow_deny'],
  since: '0.1.0',
  check({ model, report }) {
    for (const block of model.blocks) {
      const answer = block.own('return').find(({ directive }) => gives(directive.words[1]?.value ?? ''));
      const guard = answer && guardOf(block);
      if (!guard) continue;
      report(answer, `this answers everyone: ${guard.directive.name} is looked at later`, {
        hint: 'move the return into a named location, and lead there with try_files /.never @answer;',
        related: { message: 'what is passed by', item: guard },
      });
    }
  },
};

/** Whether a status, or an address, lets the client have something: refusals need no guard. */
function gives(status: string): boolean {
  return !/^[45]\d\d$/u.test(status);
}

function guardOf(block: Block): Item | undefined {
  for (const name of GUARDS) {
    const guard = block.own(name).find(({ directive }) => directive.words[1]?.value !== 'off');
    if (guard) return guard;
  }
  return undefined;
}
