/** Lists with their length before them, and tables that hold what is the same only once. */
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

export interface Table<T> {
  values: T[];
  /** Adds it where it is new. */
  placeOf: (value: T) => number;
}

export function createTable<T>(keyOf: (value: T) => string): Table<T> {
  const values: T[] = [];
  const places = new Map<string, number>();
  const placeOf = (value: T) => {
    const key = keyOf(value);
    const place = places.get(key) ?? values.push(value) - 1;
    places.set(key, place);
    return place;
  };
  return { values, placeOf };
}

export function writeList<T>(
  writer: ByteWriter,
  values: readonly T[],
  write: (value: T) => void,
): void {
  writer.varint(values.length);
  for (const value of values) write(value);
}

/** A count that is too large meets the end of the bytes: nothing is set aside for it. */
export function readList<T>(reader: ByteReader, what: string, read: () => T): T[] {
  const count = reader.varint(`number of ${what}`);
  const values: T[] = [];
  while (values.length < count) values.push(read());
  return values;
}
