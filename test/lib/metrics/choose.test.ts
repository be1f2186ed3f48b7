import { describe, expect, test } from 'vitest';
import { choose, regionsFor } from '../../../src/lib/metrics/choose.ts';
import { SHOP } from './readings.ts';

const API = { ...SHOP, name: 'api', arn: SHOP.arn.replace('/shop/', '/api/') };

describe('balancers', () => {
  test('are chosen by name or ARN, once each', () => {
    expect(choose(['shop', API.arn, 'api'], [SHOP, API])).toEqual([SHOP, API]);
    expect(choose([], [SHOP, API])).toEqual([API, SHOP]);
  });

  test.each([
    [['shpo'], 'did you mean shop?'],
    [['nothing-like-it'], 'there are shop, api'],
    [[SHOP.arn.replace('/shop/', '/shpo/')], 'did you mean shop?'],
  ])('%j are not there', (words, hint) => {
    expect(() => choose(words, [SHOP, API])).toThrow(
      expect.objectContaining({ code: 'unknown-balancer', hint }),
    );
  });

  test('that are none at all are told', () => {
    expect(() => choose([], [])).toThrow(expect.objectContaining({ code: 'no-balancer' }));
  });

  test('are looked for in the Regions of their ARNs, and at home', () => {
    expect(regionsFor([])).toEqual([undefined]);
    expect(regionsFor([SHOP.arn, API.arn])).toEqual(['us-east-1']);
    expect(regionsFor([SHOP.arn, 'api'])).toEqual(['us-east-1', undefined]);
    const application = SHOP.arn.replace('/net/', '/app/');
    expect(() => regionsFor([application])).toThrow(
      expect.objectContaining({ kind: 'usage', code: 'bad-arn' }),
    );
  });
});
