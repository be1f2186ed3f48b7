import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The page of a rule, which the package brings; undefined for what is no rule, such as `lint/failed-rule`. */
export function readPage(rule: string): string | undefined {
  return readDocument(`rules/${rule}.md`);
}

/** A page of the documents that the package brings, by its path there; undefined where there is none. */
export function readDocument(page: string): string | undefined {
  return readPart('docs', page);
}

/** The JSON Schema of what a command prints under `--json`; undefined where there is no such command. */
export function readSchema(name: string): string | undefined {
  return readPart('schemas', `${name}.json`);
}

function readPart(folder: string, name: string): string | undefined {
  // the bundle's chunks lie two folders deep in the package
  const path = join(__dirname, '../..', folder, name);
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
