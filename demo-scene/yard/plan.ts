/**
 * The yard behind the door, seen from above. Metres; the house is at z < 4.45.
 *
 *   z = 15   ┌───fence──────────────────────────┐  firs beyond
 *            │  snow                 ┌path──┐    │
 *            │   ┌grate──┐───gravel──┤gravel│ snow│
 *            │   │machine│───────────┤      │    │
 *            │   └───────┘           │      │    │
 *            │                     ┌─┴deck──┴┐   │
 *   z = 4.45 └──[hearth]──[window]─┴──door───┴───┘
 *         x = −8.5    −5.4    −1.6     2.7  4.6   8.5
 */
export const YARD = { left: -8.5, right: 8.5, near: 4.45, far: 15 } as const;
export const DECK = { left: 1.7, right: 5.6, near: 4.45, far: 6.4 } as const;
export const PATH = { left: 2.7, right: 4.6, near: 6.4, far: 13.6 } as const;
export const BRANCH = { left: -1.6, right: 2.7, near: 8.3, far: 9.9 } as const;
export const GRATE = { left: -5.6, right: -1.6, near: 7.4, far: 10.6 } as const;
/** The middle of the machine. */
export const MACHINE = { x: -4.2, z: 9.5 } as const;
export const LAMP = { x: 5.15, z: 8.2, height: 2.9 } as const;
