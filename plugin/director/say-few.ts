/** Warnings of one kind: the first few are said, so that a storm of events is no flood of them; the event log tells of all. */

const FEW = 8;

export function sayFew(warn: (message: string) => void, most = FEW): (message: string) => void {
  let count = 0;
  return (message) => {
    count += 1;
    if (count < most) warn(message);
    else if (count === most) warn(`${message} More like it are not said: foley.onEvent has them.`);
  };
}
