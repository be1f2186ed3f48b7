/** A range of IPv4 addresses, as the first and the last one in numbers. */
type Range = readonly [first: number, last: number];

/** Whether a range such as 10.0.0.0/16 and another one, or an address, have an address in common. */
export function overlap(one: string, other: string): boolean {
  const [[first, last], [from, to]] = [rangeOf(one), rangeOf(other)];
  return first <= to && from <= last;
}

function rangeOf(text: string): Range {
  const [address = '', bits = '32'] = text.split('/');
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  const first = number - (number % size);
  return [first, first + size - 1];
}
