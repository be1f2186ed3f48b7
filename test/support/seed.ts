import fc from 'fast-check';

/**
 * Generated tests take the same values each time, so that a change is judged by itself. LBCTL_TEST_SEED=RANDOM (or a
 * number) looks further; a failure prints its seed.
 */
const { LBCTL_TEST_SEED } = process.env;
if (LBCTL_TEST_SEED !== 'RANDOM') fc.configureGlobal({ seed: Number(LBCTL_TEST_SEED ?? 20_260_101) });
