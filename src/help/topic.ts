import type { Section } from '../lib/balancer/reference.ts';
import { UserError } from '../lib/errors.ts';
import { renderMarkdown } from '../lib/ui/markdown.ts';
import { renderSection } from '../lib/ui/reference.ts';
import type { Terminal } from '../lib/ui/terminal.ts';
import { closest } from './closest.ts';
import type { Topic } from './topics.ts';

/** Reads a page of the documents; undefined where there is none. */
export type ReadDocument = (page: string) => string | undefined;

type Screen = Pick<Terminal, 'style' | 'width'>;

/**
 * What a topic has to say, or a part of it.
 * @param words behind its name: the part that is meant.
 * @throws UserError `usage` where there is no such part.
 */
export async function topicText(
  { name, page }: Topic,
  words: readonly string[],
  screen: Screen,
  read: ReadDocument,
): Promise<string> {
  const text = read(page);
  if (text === undefined) throw new Error(`the package has no docs/${page}`);
  if (name === 'lb.yaml') {
    const { reference } = await import('../lib/balancer/reference.ts');
    return words.length === 0 ? whole(text, reference(), screen) : part(words.join('.'), reference(), screen);
  }
  if (words.length > 0)
    throw new UserError('usage', 'unknown-topic', `the topic ${name} has no parts`, {
      hint: `lbctl help ${name} shows all of it`,
    });
  return renderMarkdown(text, screen.style, screen.width);
}

/** Whether the words name a key of lb.yaml. */
export async function isKey(words: readonly string[]): Promise<boolean> {
  const { reference } = await import('../lib/balancer/reference.ts');
  return find(words.join('.'), reference()).length > 0;
}

/** The beginning of the page, and the keys of the file; those below them are shown one by one. */
function whole(text: string, sections: readonly Section[], { style, width }: Screen): string {
  const [start = ''] = text.split(/^## /mu);
  const top = sections.find(({ path }) => path === '')!;
  const below = '`lbctl help lb.yaml KEY` shows what a mapping holds, such as `listeners` or `routes.paths`.';
  return [
    renderMarkdown(start.trimEnd(), style, width),
    renderSection(top, [], style, width),
    renderMarkdown(below, style, width),
  ].join('\n\n');
}

/** A mapping with its keys, or a key of one, by its path or by the end of it. */
function part(asked: string, sections: readonly Section[], { style, width }: Screen): string {
  const found = find(asked, sections);
  if (found.length === 0) {
    const names = sections.flatMap(({ path, keys }) => [
      short(path),
      ...keys.map(({ key }) => key),
      ...keys.map(({ key }) => short(`${path}.${key}`)),
    ]);
    const close = closest(asked, [...new Set(names.filter((name) => name !== ''))]);
    throw new UserError('usage', 'unknown-topic', `lb.yaml has no ${asked}`, {
      hint:
        close === undefined
          ? 'lbctl help lb.yaml lists its keys'
          : `did you mean ${close}? lbctl help lb.yaml ${close} shows it`,
    });
  }
  return found
    .map((section) => {
      const inner = sections.map(({ path }) => path).filter((path) => path.startsWith(`${section.path}.`));
      return renderSection(section, inner.map(short), style, width);
    })
    .join('\n\n');
}

/** Mappings of a path, or else all that end so; a key that holds no mapping is shown alone. */
function find(asked: string, sections: readonly Section[]): Section[] {
  const wanted = short(asked);
  const mappings = new Set(sections.map(({ path }) => short(path)));
  const isMeant = (path: string) => path === wanted || (!mappings.has(wanted) && path.endsWith(`.${wanted}`));
  const whole = sections.filter(({ path }) => isMeant(short(path)));
  const parts = sections.map((section) => ({
    ...section,
    keys: section.keys.filter(({ key }) => {
      const path = short(`${section.path}.${key}`);
      return isMeant(path) && !mappings.has(path);
    }),
  }));
  return [
    ...parts.filter(({ keys }) => keys.length > 0),
    ...whole.map((section) => listed(section, sections)),
  ];
}

/** A section with its keys, also where those are listed with another one. */
function listed(section: Section, sections: readonly Section[]): Section {
  const { same, path, description } = section;
  const source = same === undefined ? section : sections.find((other) => other.path === same)!;
  return { path, description, keys: source.keys };
}

/** A path as people type it: without the places where names stand that are theirs. */
function short(path: string): string {
  return path
    .split('.')
    .filter((word) => word !== 'NAME' && word !== '')
    .join('.');
}
