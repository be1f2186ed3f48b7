import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element; attributes are left out, as the services give them no meaning. */
export interface Xml {
  readonly name: string;
  /** Text that stands right in it, as it came. */
  readonly text: string;
  readonly children: readonly Xml[];
}

const parser = new XMLParser({
  preserveOrder: true,
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
});

/** @returns the root; undefined where the text is not XML. */
export function parseXml(text: string): Xml | undefined {
  if (XMLValidator.validate(text) !== true) return undefined;
  const roots = (parser.parse(text) as readonly Node[]).flatMap(asElement);
  return roots.length === 1 ? roots[0] : undefined;
}

/** As the parser gives it: one key with the children, and perhaps `:@`. */
type Node = Readonly<Record<string, unknown>>;

function asElement(node: Node): readonly Xml[] {
  const name = Object.keys(node).find((key) => key !== ':@');
  if (name === undefined || name === '#text') return [];
  const inside = node[name] as readonly Node[];
  return [
    {
      name,
      text: inside.map((part) => (part['#text'] === undefined ? '' : String(part['#text']))).join(''),
      children: inside.flatMap(asElement),
    },
  ];
}

/** An element of others, or of a text; what is undefined is left out. */
export function element(
  name: string,
  ...inside: readonly (Xml | string | number | boolean | undefined)[]
): Xml {
  const there = inside.filter((part) => part !== undefined);
  return {
    name,
    text: there.filter((part) => typeof part !== 'object').join(''),
    children: there.filter((part) => typeof part === 'object'),
  };
}

export function printXml(root: Xml, namespace?: string): string {
  const attributes = namespace === undefined ? '' : ` xmlns="${escape(namespace)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${print(root, attributes)}`;
}

function print({ name, text, children }: Xml, attributes = ''): string {
  return `<${name}${attributes}>${escape(text)}${children.map((child) => print(child)).join('')}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/gu, (character) => ESCAPES[character]!);
}
