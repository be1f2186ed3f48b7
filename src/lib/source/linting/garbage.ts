// What this takes of Node is loaded when it is called: small files never need it.

let isFrugal = false;

/**
 * Has V8 look for what is not needed any more whenever the heap has become twice as large as what was in use before; by
 * itself it waits longer while there is room, up to four times.
 */
export function frugal(): void {
  if (isFrugal) return;
  isFrugal = true;
  process.getBuiltinModule('node:v8').setFlagsFromString('--heap-growing-percent=100');
}

let collect: (() => void) | undefined;

/** Frees what is not needed any more. */
export function collectGarbage(): void {
  if (!collect) {
    process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
    collect = process.getBuiltinModule('node:vm').runInNewContext('gc') as () => void;
  }
  collect();
}
