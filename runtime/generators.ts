/** Generators that yield on the way and return something at the end. */

/** Reads a generator to its end, whatever comes on the way. @returns what it returns */
export async function drained<R>(story: AsyncGenerator<unknown, R, void>): Promise<R> {
  let next = await story.next();
  while (!next.done) next = await story.next();
  return next.value;
}

/** Each item as `change` has it, none where it is undefined. Whoever leaves early ends the story too. */
export async function* mapped<A, B, R>(
  story: AsyncGenerator<A, R, void>,
  change: (item: A) => B | undefined,
): AsyncGenerator<B, R, void> {
  try {
    let next = await story.next();
    for (; !next.done; next = await story.next()) {
      const changed = change(next.value);
      if (changed !== undefined) yield changed;
    }
    return next.value;
  } finally {
    await story.return(undefined as R); // nothing happens where it has ended
  }
}
