import type { Block } from './model.ts';

/** Whether a flag is on in a block; one that nobody sets is not. */
export function isOn(block: Block, name: string): boolean {
  return valueIn(block, name) === 'on';
}

/** Whether a flag is off in a block, as somebody says. */
export function isOff(block: Block, name: string): boolean {
  return valueIn(block, name) === 'off';
}

function valueIn(block: Block, name: string): string | undefined {
  return block.effective(name)[0]?.directive.words[1]?.value.toLowerCase();
}
