import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readBalancer } from '../../../src/lib/balancer/read.ts';
import { InvalidInput } from '../../../src/lib/errors.ts';
import { renderError } from '../../../src/lib/ui/errors.ts';
import { plainStyle } from '../../../src/lib/ui/style.ts';

const folder = new URL('../../../fixtures/invalid/', import.meta.url).pathname;
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

/** What a person reads when the file is wrong. */
function complaint(file: string, text: string): string {
  try {
    readBalancer(text, file);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return renderError(error, plainStyle, false);
  }
  return 'the file was accepted';
}

test.each(names)('%s is refused with the text that its fixture shows', async (name) => {
  const text = complaint(name, readFileSync(folder + name, 'utf8'));
  await expect(text).toMatchFileSnapshot(`${folder}${name.replace('.yaml', '.txt')}`);
});
