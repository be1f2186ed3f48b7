import type { Block, Model } from './model.ts';

/**
 * Whether everything that stands in a block is known. Of a part it is not where files are included, which may be
 * elsewhere, and the outermost block goes on in other files.
 */
export function isKnown(model: Model, block: Block): boolean {
  if (model.whole) return true;
  const statements = block.directive?.block?.statements;
  return statements?.every((one) => one.kind !== 'directive' || one.name !== 'include') ?? false;
}
