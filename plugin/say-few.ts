/** Warnings of one kind: the first few are said, so that a storm of events is no flood of them. */

const FEW = 8;

export function sayFew(warn: (message: string) => void, most = FEW): (message: string) => void {
  let count = 0;
  return (message) => {
    count += 1;
    if (count < most) warn(message);
    else if (count === most) warn(`${message} More of this kind are not said.`);
  };
}
