/** Reads a generator to its end, whatever comes on the way. @returns what it returns */
export async function drained<R>(story: AsyncGenerator<unknown, R, void>): Promise<R> {
  let next = await story.next();
  while (!next.done) next = await story.next();
  return next.value;
}
