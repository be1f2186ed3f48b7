import { atLeast } from '../../../nginx/version.ts';
import { insertBehind, removeWord, type Fix } from '../../fixes/fix.ts';
import type { Item, Model } from '../../model/model.ts';
import type { Rule, RuleContext } from '../../engine/rule.ts';
import { isTls, Sockets, type Socket } from '../../model/network/sockets.ts';

export const listenHttp2: Rule = {
  id: 'upgrade/listen-http2',
  severity: 'info',
  summary: 'http2 as a parameter of listen is deprecated since 1.25.1',
  fixable: true,
  aliases: ['nginx-lint:listen-http2-deprecated'],
  since: '0.1.0',
  check({ model, target, report }) {
    if (!atLeast(target.version, '1.25.1')) return;
    const agreed = new Set(model.whole ? Sockets.of(model).all.filter((one) => agrees(one, target)) : []);
    for (const socket of Sockets.of(model).all)
      for (const { item, server, parameters } of socket.stream ? [] : socket.listeners) {
        const word = item.directive.words.find(({ value }) => value === 'http2');
        if (!word || !parameters.includes('http2')) continue;
        const safe = Sockets.of(model)
          .listeners(server)
          .map((one) => one.socket)
          .every((one) => agreed.has(one));
        report(item, 'http2 is a directive of its own since 1.25.1, and here deprecated', {
          word,
          hint: 'write http2 on; into each server of this address that is to have it',
          fix: safe ? fixOf(item, model) : undefined,
        });
      }
  },
};

/** Whether all that listen on a socket say the same; then a directive in each of them comes to the same. */
function agrees(socket: Socket, { version }: RuleContext['target']): boolean {
  if (!isTls(socket, version))
    return socket.listeners.every(({ parameters }) => !parameters.includes('http2'));
  return socket.listeners.every(
    ({ parameters, server }) =>
      parameters.includes('quic') ||
      (parameters.includes('http2') && setting(server.own('http2')[0]) !== 'off'),
  );
}

function setting(item: Item | undefined): string | undefined {
  return item?.directive.words[1]?.value.toLowerCase();
}

function fixOf(item: Item, model: Model): Fix | undefined {
  const server = item.block;
  const words = item.directive.words.filter(({ value }) => value === 'http2');
  const edits = words.map((word) => removeWord(item, word));
  const last = server.own('listen').at(-1);
  if (setting(server.effective('http2')[0]) === 'on') return { title: 'take out http2', edits };
  if (!last || model.times.get(last.file) !== model.times.get(item.file)) return undefined;
  return { title: 'write http2 on;', edits: [...edits, insertBehind(last, 'http2 on;')] };
}
