import { namesIn } from '../../model/values/names-in.ts';
import type { Rule } from '../../engine/rule.ts';

export const loggedSecrets: Rule = {
  id: 'security/logged-secrets',
  severity: 'info',
  summary: 'a log that holds what lets its reader in as somebody else',
  aliases: [],
  since: '0.1.0',
  check({ model, report }) {
    for (const item of model.named('log_format'))
      for (const word of item.directive.words.slice(2)) {
        const name = namesIn(word.value).find((one) => SECRET.test(one));
        if (name === undefined) continue;
        report(item, `who can read the log can be whoever came: $${name} is in it`, {
          word,
          hint: 'leave it out, or write a part of it that a map makes',
        });
        break;
      }
  },
};

/** Passwords, tokens and cookies as a whole; a single cookie may hold anything. */
const SECRET =
  /^(?:http_authorization|http_proxy_authorization|http_cookie|(?:sent|upstream)_http_set_cookie|http_x_api_key|http_x_auth_token)$/u;
