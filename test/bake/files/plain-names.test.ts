import { expect, test } from 'vitest';
import { plainNames } from '../../../bake/files/plain-names.ts';

test('plain names stay as they are', () => {
  expect(plainNames(['footstep', 'Rain_2', 'door-slam'])).toEqual([
    'footstep',
    'Rain_2',
    'door-slam',
  ]);
});

test('no name leads out of its folder, is hidden, is a device or is empty', () => {
  const names = plainNames(['../../etc/passwd', '/root', '.git', 'con', 'a\\b:c', '雨', '']);
  expect(names).toEqual(['etc-passwd', 'root', 'git', 'con-', 'a-b-c', 'sound', 'sound-2']);
});

test('no two are one, where upper and lower case are the same too', () => {
  expect(plainNames(['rain', 'Rain', 'rain-2', 'RAIN'], ['pack'])).toEqual([
    'rain',
    'Rain-2',
    'rain-2-2',
    'RAIN-3',
  ]);
  expect(plainNames(['pack'], ['pack'])).toEqual(['pack-2']);
});

test('a long name is cut', () => {
  expect(plainNames(['x'.repeat(300)])[0]).toHaveLength(80);
});
