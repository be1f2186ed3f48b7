import type { Fault } from '../balancer/fault.ts';
import type { AnyShape } from '../balancer/shape/shape.ts';

/** The parts of an answer that is a list. */
export function wordsOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\s,]+/u).filter((word) => word !== '');
}

/** What a shape of lb.yaml has against a value, and what to write in its place. */
export function complaintOf(shape: AnyShape, value: unknown): string | undefined {
  const faults: Fault[] = [];
  shape.read(value, ['it'], faults);
  const [fault] = faults;
  return fault && [fault.message, fault.hint].filter((words) => words !== undefined).join('; ');
}

/** What is wrong with a list: an entry, one that comes twice, or that there is none where there must be. */
export function listComplaint(shape: AnyShape, text: string, missing?: string): string | undefined {
  const words = wordsOf(text);
  if (words.length === 0) return missing;
  const again = words.find((word, index) => words.map(lower).indexOf(lower(word)) < index);
  if (again !== undefined) return `${again} is there twice`;
  return words.map((word) => complaintOf(shape, word)).find((complaint) => complaint !== undefined);
}

/** What is wrong with a whole number within limits. */
export function numberComplaint(text: string, min: number, max: number): string | undefined {
  const isGood = /^\d{1,9}$/u.test(text) && Number(text) >= min && Number(text) <= max;
  return isGood ? undefined : `"${text}" must be a whole number from ${min} to ${max}`;
}

const lower = (word: string): string => word.toLowerCase();
