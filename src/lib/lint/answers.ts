import type { Block, Item } from './model.ts';

/*
 * NGINX takes a request through phases: `set`, `rewrite`, `return` and `if` of the server, the choice of a location,
 * those of the location, then limits (`limit_req`, `limit_conn`), then access (`allow`, `auth_basic`…), then
 * `try_files`, and what makes the content at last. An answer that is given early meets nothing of what comes later.
 */

/** Whether a `rewrite` answers with a redirect, and does not go on. */
export function isRedirect({ directive }: Item): boolean {
  const [, , replacement, flag] = directive.words;
  return (
    /^(?:redirect|permanent)$/u.test(flag?.value ?? '') ||
    /^(?:https?:\/\/|\$scheme)/u.test(replacement?.value ?? '')
  );
}

/** Whether a `return` gives the client something: refusals need no guard. */
export function givesSomething({ directive }: Item): boolean {
  return !/^[45]\d\d$/u.test(directive.words[1]?.value ?? '');
}

/** Whether no request that comes into a block stays there: it is answered, or led elsewhere. */
export function leaves(block: Block): boolean {
  return (
    block.own('return').length > 0 ||
    block.own('rewrite').some((item) => item.directive.words[3]?.value === 'last' || isRedirect(item))
  );
}
