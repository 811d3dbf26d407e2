"""Sounds of menus and arcade games: blips, coins, power-ups, jumps.

After sfxr (Pettersson 2007): plain waves, steps and slides, short envelopes. Coins are struck plates (Fletcher and Rossing).
`voice` serves the alarms and the magic sounds too.
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .family import Family

PLATE = np.array([1.0, 1.73, 2.33, 3.91, 4.11])  # free round plate: ratios of its lowest modes
MAJOR, PENTATONIC = (0, 4, 7, 12, 16, 19, 24, 28, 31), (0, 2, 4, 7, 9, 12, 14, 16, 19, 21)
TABLE = 8192
FIGURES = {  # semitones of short tunes
    "confirm": ((0, 5), (0, 7), (0, 4, 7), (0, 12), (0, 7, 12)),
    "cancel": ((5, 0), (7, 0), (7, 4, 0), (12, 5), (0, -6), (0, -1)),
    "notification": ((0, 7, 4), (7, 12, 4), (0, 4, 7, 12), (12, 7), (4, 0, 7), (0, 7, 5, 12)),
}


def voice(f: np.ndarray, shape: str, brightness: float) -> np.ndarray:
    """A tone of f Hz at every sample, read from a table of one period; its harmonics stay below 14 kHz.

    Harmonics fall as k^-3.2 (brightness 0) to k^-0.5 (1): all of them (rich), the odd ones (hollow) or the first four (soft).
    fm: one sine shakes the phase of another an octave below.
    """
    top = np.max(f)
    if shape == "fm":
        angle = np.linspace(0, 2 * np.pi, TABLE, endpoint=False)
        table = np.sin(angle + min(0.1 + 2.6 * brightness, 4000 / top) * np.sin(2 * angle))
    else:
        spectrum = np.zeros(TABLE // 2 + 1, complex)
        k = np.arange(1, int(np.clip(14000 / top, 1, 4 if shape == "soft" else 64)) + 1, 2 if shape == "hollow" else 1)
        spectrum[k] = -1j * k ** (2.7 * brightness - 3.2)
        table = np.fft.irfft(spectrum)
    turns = (np.cumsum(f) * (TABLE / dsp.SAMPLE_RATE)).astype(np.int64)
    return dsp.normalise(table)[turns % TABLE]


def choose(rng: np.random.Generator, *options):
    return options[int(rng.integers(len(options)))]


def brightness(rng: np.random.Generator, spec: SoundSpec) -> float:
    return float(np.clip(0.08 + 0.8 * spec.intensity + 0.07 * rng.standard_normal(), 0, 1))


def release(x: np.ndarray, seconds: float = 0.01) -> np.ndarray:
    """A click-free end."""
    m = min(len(x), dsp.samples(seconds))
    x[len(x) - m :] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(1, m + 1) / m)
    return x


def note(f: float, seconds: float, shape: str, bright: float, t60: float) -> np.ndarray:
    m = dsp.samples(seconds)
    return release(voice(np.full(m, f), shape, bright) * dsp.attack_decay(m, 0.002, t60))


def tune(n: int, notes: list[np.ndarray], step: float) -> np.ndarray:
    out = np.zeros(n)
    for i, one in enumerate(notes):
        dsp.place(out, one, i * step)
    return out


def ui_blip(rng, spec: SoundSpec, n: int) -> np.ndarray:
    return {"click": click, "notification": notification}.get(spec.action, blip)(rng, spec, n)


def blip(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Two or three quick notes, a short glide, or (cancel) a low double buzz: upward accepts, downward refuses."""
    bright, step = brightness(rng, spec), 0.14 * 0.36**spec.speed * rng.uniform(0.9, 1.1)
    f0 = (420 if spec.action == "confirm" else 260) * 2 ** (1.5 * spec.pitch + rng.uniform(-0.15, 0.15))
    kind = rng.random()
    if kind < 0.3:
        m = min(n, dsp.samples(1.6 * step))
        slide = (1 if spec.action == "confirm" else -1) * rng.uniform(0.6, 1.2)
        glide = voice(
            f0 * 2 ** (slide * np.linspace(0, 1, m) ** rng.uniform(0.7, 1.5)), choose(rng, "soft", "hollow", "fm"), bright
        )
        return tune(n, [release(glide * dsp.attack_decay(m, 0.002, 0.5), 0.015)], 0)
    if kind < 0.6 and spec.action == "cancel":
        buzz = note(0.5 * f0, 0.75 * step + 0.02, "rich", 0.4 + 0.6 * bright, 2.0)
        return tune(n, [buzz, buzz], step + 0.03)
    figure, shape = choose(rng, *FIGURES[spec.action]), choose(rng, "soft", "hollow", "fm")
    lengths = [step] * (len(figure) - 1) + [2.2 * step]
    return tune(n, [note(f0 * 2 ** (k / 12), m, shape, bright, 0.25 + m) for k, m in zip(figure, lengths)], step)


def click(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A button goes down and comes back up: two dry ticks of a small plastic shell, or of a dropping sine."""
    f0, m = 700 * 2 ** (1.6 * spec.pitch + rng.uniform(-0.15, 0.15)), dsp.samples(0.05)
    if rng.random() < 0.5:
        gains = np.array([1, 0.8, 0.6]) * np.array([1, 2, 3]) ** (2.4 * spec.intensity - 1.4)
        tick = dsp.modal(m, f0 * np.array([1, 2.2, 3.7]), np.array([0.03, 0.02, 0.012]), gains)
    else:
        tick = voice(f0 * (1 + 2 * dsp.decay(m, 0.02)), "hollow", brightness(rng, spec)) * dsp.decay(m, rng.uniform(0.02, 0.035))
    edge = dsp.highpass(dsp.noise(rng, m), 2500) * dsp.decay(m, 0.006)
    tick = release(dsp.normalise(tick) + (0.1 + 0.7 * spec.intensity) * dsp.normalise(edge))
    out = tune(n, [tick], 0)
    dsp.place(out, tick, 0.12 * 0.3**spec.speed, rng.uniform(0.15, 0.5))
    return out


def notification(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A short tune that rings out: on marimba bars, glass, or an electric piano (two-operator FM)."""
    f0, bright = 440 * 2 ** (1.4 * spec.pitch + rng.uniform(-0.15, 0.15)), brightness(rng, spec)
    step, ring = 0.22 * 0.4**spec.speed, rng.uniform(0.5, 0.9)
    ratios, kind = choose(rng, [1, 3.93, 9.2], [1, 2.76, 5.4], [1, 2, 3.01]), rng.random()
    notes = []
    for k in choose(rng, *FIGURES["notification"]):
        f, m = f0 * 2 ** (k / 12), dsp.samples(ring)
        if kind < 0.6:
            one = dsp.modal(m, f * np.array(ratios), ring * np.array([1, 0.5, 0.25]), [1, 1.2 * bright, 0.9 * bright])
        else:
            one = voice(np.full(m, f), "fm", 0.9 * bright) * dsp.decay(m, ring)
        notes.append(release(one * np.minimum(1, np.arange(m) / 64), 0.05))
    return tune(n, notes, step)


def coin(rng, spec: SoundSpec, n: int) -> np.ndarray:
    return {"collect": arcade_coin, "drop": dropped_coin, "jingle": jingling_coins}[spec.action](rng, spec, n)


def arcade_coin(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """The arcade's two notes: a short one, then a fourth or so above it a ringing one."""
    f0 = 620 * 2 ** (1.2 * spec.pitch + 0.5 * (0.5 - spec.size) + rng.uniform(-0.1, 0.1))
    first, ring = rng.uniform(0.05, 0.085), 0.25 * 2.6**spec.size * rng.uniform(0.85, 1.15)
    shape, bright = choose(rng, "hollow", "hollow", "fm", "soft"), brightness(rng, spec)
    second = note(f0 * 2 ** (choose(rng, 4, 5, 5, 7) / 12), 1.1 * ring, shape, bright, 1.1 * ring)
    return tune(n, [note(f0, first, shape, bright, 0.8), second], first)


def coin_ring(rng, spec: SoundSpec, f0: float) -> np.ndarray:
    """One coin struck once: plate modes and the click of the contact."""
    m = dsp.samples(0.12 + 0.5 * spec.size)
    t60s = (0.12 + 0.45 * spec.size) * np.array([1, 0.85, 0.7, 0.5, 0.4]) * rng.uniform(0.7, 1.2)
    gains = rng.uniform(0.5, 1.0, 5) * PLATE ** (1.6 * spec.intensity - 1.0)
    ring = dsp.modal(m, f0 * PLATE * rng.uniform(0.99, 1.01, 5), t60s, gains, rng.uniform(0, 1, 5))
    edge = dsp.highpass(dsp.noise(rng, m), 3000) * dsp.decay(m, 0.006)
    return release(dsp.normalise(ring) + (0.1 + 0.4 * spec.intensity) * dsp.normalise(edge))


def coin_pitch(rng, spec: SoundSpec) -> float:
    return 2500 * 2 ** (1.0 * spec.pitch + 0.8 * (0.5 - spec.size) + rng.uniform(-0.12, 0.12))


def dropped_coin(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A coin falls, bounces closer and closer together, and sometimes wobbles to rest ever faster."""
    out, f0 = np.zeros(n), coin_pitch(rng, spec)
    start, gap, gain, shrink = 0.0, rng.uniform(0.12, 0.2) * (0.7 + 0.6 * spec.size), 1.0, rng.uniform(0.6, 0.78)
    for _ in range(int(rng.integers(4, 8)) + (8 if rng.random() < 0.4 else 0)):
        dsp.place(out, coin_ring(rng, spec, f0), start, gain)
        start, gap, gain = start + gap, max(0.025, gap * shrink), gain * rng.uniform(0.65, 0.85)
    return out


def jingling_coins(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A handful or purse of coins shaken: many short rings in one or two swells."""
    out, f0 = np.zeros(n), coin_pitch(rng, spec)
    coins = [coin_ring(rng, spec, f0 * k) for k in rng.uniform(0.8, 1.35, 5)]
    length = 0.3 + 0.6 * spec.size
    starts = np.sort(rng.random(int(8 + 14 * spec.intensity))) * length
    for start in np.concatenate(([0.0], starts)):
        swell = 0.6 + 0.4 * np.cos(2 * np.pi * 2 * start / length)
        dsp.place(out, choose(rng, *coins), start, swell * rng.uniform(0.4, 1.0))
    return out


def power_up(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Something gets stronger: a fast rising arpeggio, one long trilled sweep, or a staircase of little slides."""
    f0 = 190 * 2 ** (1.4 * spec.pitch + rng.uniform(-0.15, 0.15))
    length, bright = 1.2 * 0.38**spec.speed * rng.uniform(0.9, 1.1), brightness(rng, spec)
    return choose(rng, arpeggio, arpeggio, trilled_sweep, staircase)(rng, n, f0, length, bright)


def arpeggio(rng, n: int, f0: float, length: float, bright: float) -> np.ndarray:
    scale, shape = choose(rng, MAJOR, PENTATONIC), choose(rng, "hollow", "fm", "rich")
    steps = scale[: int(rng.integers(5, len(scale)))]
    step = 0.75 * length / len(steps)
    lengths = [1.3 * step] * (len(steps) - 1) + [step + 0.25 * length]
    return tune(n, [note(1.6 * f0 * 2 ** (k / 12), m, shape, bright, 0.3 + m) for k, m in zip(steps, lengths)], step)


def trilled_sweep(rng, n: int, f0: float, length: float, bright: float) -> np.ndarray:
    m = min(n, dsp.samples(length))
    x = np.linspace(0, 1, m)
    trill = rng.uniform(0.08, 0.3) * np.sign(np.sin(2 * np.pi * rng.uniform(7, 14) * x)) if rng.random() < 0.6 else 0
    f = f0 * 2 ** (rng.uniform(2.0, 2.8) * x ** rng.uniform(0.8, 1.6) + trill)
    return tune(n, [release(voice(f, choose(rng, "hollow", "rich", "fm"), bright) * (0.6 + 0.4 * x), 0.08)], 0)


def staircase(rng, n: int, f0: float, length: float, bright: float) -> np.ndarray:
    steps, shape = int(rng.integers(4, 8)), choose(rng, "hollow", "rich")
    m = dsp.samples(length / steps)
    slide = 2 ** (rng.uniform(0.6, 1.0) * np.linspace(0, 1, m))
    rise = rng.uniform(0.22, 0.36)
    return tune(n, [release(voice(f0 * 2 ** (rise * i) * slide, shape, bright)) for i in range(steps)], length / steps)


def jump(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A hero hops: one short upward chirp, a wobbling spring, or a soft hop with a puff of air."""
    m = min(n, dsp.samples(0.15 * 2.2**spec.size * rng.uniform(0.9, 1.1)))
    f0 = 230 * 2 ** (1.3 * spec.pitch + 0.8 * (0.5 - spec.size) + rng.uniform(-0.12, 0.12))
    x, bright, kind = np.linspace(0, 1, m), brightness(rng, spec), rng.random()
    rise = rng.uniform(0.9, 1.6) * x ** rng.uniform(0.6, 1.4)
    if kind < 0.5:
        one = voice(f0 * 2**rise, choose(rng, "hollow", "rich"), bright) * (1 - 0.6 * x)
    elif kind < 0.75:
        wobble = 0.3 * np.sin(2 * np.pi * rng.uniform(16, 28) * dsp.times(m)) * x
        one = voice(f0 * 2 ** (rise + wobble), "fm", bright) * (1 - 0.5 * x)
    else:
        puff = dsp.bandpass(dsp.noise(rng, m), 500, 1200 + 5000 * bright) * (1 - x) ** 2
        one = voice(f0 * 2**rise, "soft", bright) + (0.1 + 0.6 * bright) * dsp.normalise(puff)
    return tune(n, [release(one * np.minimum(1, np.arange(m) / 48), 0.03)], 0)


# fmt: off
FAMILIES = (
    Family("ui_blip", ui_blip, {
        "confirm": ("a {adj} menu confirm blip", "{adj} user interface accept beep", "ui confirm, {adj}",
            "a {adj} positive button beep", "menu selection confirmed with a {adj} blip", "{adj} ok button sound",
            "inventory slot selected with a {adj} blip", "{adj} choice accepted tone", "saving progress, {adj} confirmation",
            "a {adj} beep approves the purchase", "the cursor enters a submenu, {adj} blip", "yes button chirp",
            "loadout locked in", "ticking a checkbox gives a {adj} chirp",
            "the quest is accepted in the journal", "the character choice is confirmed",
            "press start on the title screen", "pressing enter with a {adj} digital beep", "a {adj} affirmative blip",
            "password correct tone", "equipping an item in the inventory screen"),
        "cancel": ("a {adj} menu cancel blip", "{adj} user interface back beep", "ui error, {adj}",
            "a {adj} negative button beep", "going back in a menu with a {adj} blip", "{adj} access denied beep",
            "{adj} wrong answer buzz", "a {adj} refusal blip, not enough money", "closing the pause screen, {adj} falling blip",
            "inventory closed with a {adj} descending tone", "the slot is locked, {adj} error beep", "{adj} invalid input beep",
            "blip of an undone choice", "{adj} no button blip", "the upgrade cannot be bought yet",
            "password rejected with a buzz", "leaving a submenu with a {adj} beep",
            "skill still on cooldown, {adj} denial tone", "aborting the download", "a quest is declined in the journal",
            "{adj} failure tone of an app", "removing gear from a slot"),
        "click": ("{adj} user interface click", "{adj} button click", "ui click, {adj}", "{adj} mouse click",
            "clicking a {adj} menu button", "a {adj} switch clicks", "a {adj} tap on the touchscreen",
            "toggling a checkbox, {adj} tick", "{adj} mouse press", "a {adj} tick as the cursor moves down the list",
            "hovering over a menu entry", "scrolling through items with a {adj} click",
            "{adj} plastic button pressed and released", "a tab is opened with a click",
            "dragging an icon into the hotbar", "{adj} gamepad button press", "the left mouse button is pressed",
            "a {adj} keystroke", "the volume slider moves a notch", "trackpad tap", "pushing a {adj} keypad button",
            "radio button selected, {adj} click", "a crafting recipe is clicked"),
        "notification": ("a {adj} notification sound", "{adj} message alert tone", "ui notification, {adj}",
            "a {adj} phone notification pops up", "a new message arrives with a {adj} tone", "{adj} app notification jingle",
            "a {adj} chime announces a text message", "{adj} chat message chime", "quest log updated",
            "a friend comes online", "achievement popup, {adj} jingle", "smartphone alert, {adj} melody",
            "calendar reminder with a {adj} marimba tune", "the tablet gets a reminder", "somebody sent a chat reply",
            "{adj} social media alert", "{adj} desktop alert tune", "an invitation to the party arrives, {adj} chime",
            "lobby invite jingle", "the phone on the desk plays a {adj} chime", "download finished, glassy chime",
            "a hint appears with a {adj} chime"),
    }, ("picking an option in the settings", "the dialog window bleeps", "an incoming email ping"),
        frozenset({"intensity", "pitch", "speed"})),
    Family("coin", coin, {
        "collect": ("a {adj} coin is picked up", "{adj} coin collect sound", "{adj} gold coin pickup",
            "collecting a {adj} coin in a video game", "arcade coin, {adj}", "the player grabs a {adj} coin",
            "{adj} money pickup in a platformer", "{adj} coin sound effect of a retro console", "a shiny doubloon is picked up",
            "looting a {adj} gold piece", "the plumber knocks a {adj} coin out of a block",
            "credit inserted into an arcade cabinet", "earning cash in a tycoon game", "a coin adds to the score",
            "bonus money, {adj} coin blip", "{adj} pixel coin pickup", "the knight loots a {adj} gold coin",
            "{adj} currency collected", "treasure chest coin, {adj}", "chiptune coin chime, {adj}",
            "the runner snatches a coin"),
        "drop": ("a {adj} coin drops on the floor", "{adj} metal coin falls and bounces", "dropping a {adj} coin",
            "coin drop, {adj}", "a {adj} coin spins on the table and comes to rest", "a {adj} quarter falls on the counter",
            "heads or tails, a coin flip", "a {adj} silver dollar clatters on tiles",
            "someone lets a {adj} coin slip onto the stone steps", "a {adj} dime tinkles on the pavement",
            "tossing a coin into a tin cup", "{adj} nickel bouncing to a halt", "a {adj} cent hits the kitchen tiles",
            "a wobbling coin settles on the bar", "a pirate flings a {adj} doubloon on the table",
            "paying with a coin on the counter", "the beggar gets a coin in his bowl"),
        "jingle": ("{adj} coins jingle", "a {adj} purse of coins rattles", "a handful of {adj} coins",
            "jingling {adj} coins", "coin pouch, {adj}", "shaking a {adj} money bag", "shaking the cents in a wallet",
            "the thief runs off with a sack of silver", "a merchant counts {adj} coins", "coins in a trouser pocket",
            "a {adj} tip jar is shaken", "{adj} piggy bank rattle", "rummaging in a purse for {adj} coins",
            "the slot machine pays out {adj} coins", "jackpot payout", "hands dig through a {adj} pile of doubloons",
            "a hoard of gold is stirred", "bag of gold, {adj}", "the gambler scoops up the winnings",
            "belt pouch with {adj} tinkling silver"),
    }, ("a golden token is gathered", "loose change clinks", "a penny lands on the ground"),
        frozenset({"size", "intensity", "pitch"}), countable=True),
    Family("power_up", power_up, {
        "": ("a {adj} power-up", "{adj} rising power up sound", "the player gets a {adj} power-up", "level up, {adj}",
            "a {adj} bonus item with a rising arpeggio", "{adj} retro game upgrade sound", "collecting a {adj} extra life",
            "a {adj} level-up fanfare", "character upgraded with a {adj} rising tune",
            "mushroom pickup that makes the plumber grow", "invincibility star collected",
            "boosting stats, {adj} upward sweep", "the experience bar fills up with a {adj} arpeggio",
            "{adj} stage clear jingle", "the creature evolves with a {adj} rising sweep", "weapon upgrade",
            "turbo boost activated", "{adj} health refill pickup", "mana refilled with a {adj} upward glide",
            "unlocking a perk, {adj} fanfare", "rank increased, {adj} notes climb", "{adj} chiptune climb",
            "a {adj} synth sweep goes up and up", "a damage bonus is picked up", "the avatar transforms, {adj} trilled sweep",
            "charging up a super move, {adj}", "{adj} victory arpeggio in a platformer",
            "eating a magic berry gives a {adj} boost", "the ship picks up an upgrade capsule",
            "mission complete, {adj} climbing notes", "a buff is applied to the party",
            "drinking an elixir of might, {adj} riser", "promotion to the next tier", "{adj} skill point earned",
            "the robot is supercharged", "bonus round unlocked, {adj} scale upward", "trophy won, {adj} flourish",
            "reviving with a {adj} climbing chime", "hitting a milestone in a mobile game", "{adj} rising synth staircase",
            "the fighter goes into overdrive, {adj} riser", "an extra heart is added to the health bar"),
    }, ("the hero becomes stronger in an arcade game", "an ascending reward melody", "gaining a new ability"),
        frozenset({"intensity", "pitch", "speed"})),
    Family("jump", jump, {
        "": ("a {adj} jump", "{adj} video game jump sound", "the {adj} character jumps", "platformer jump, {adj}",
            "jumping with a {adj} upward chirp", "a {adj} arcade hop", "{adj} cartoon spring jump", "a {adj} hop over a barrel",
            "{adj} pixel hop", "springing onto a platform, {adj}", "{adj} trampoline spring", "the ninja vaults over a fence",
            "{adj} bunny hop", "{adj} kangaroo hop", "an avatar skips upward", "pressing the jump button, {adj}",
            "{adj} rising chirp as the player takes off", "a mascot hopping, {adj}", "stomping on an enemy and springing up",
            "a {adj} pogo stick hop", "the {adj} rabbit hops", "{adj} jump across a pit", "side-scroller jump, {adj}",
            "{adj} retro console hop", "a spring pad launches the {adj} player", "a {adj} creature hops onto a ledge",
            "{adj} chiptune jump effect", "the runner clears a hurdle", "endless runner jump",
            "hopping from cloud to cloud", "a {adj} coil spring wobbles upward", "{adj} comedy spring",
            "a wind-up toy hops, {adj}", "the astronaut hops in an old video game", "slime monster hopping, {adj}",
            "rocket boots hop", "a cartoon acrobat turns a somersault", "jumping off the head of an enemy",
            "a {adj} pixel knight takes off", "vaulting onto a crate with a {adj} chirp",
            "the cat jumps on a shelf in a cartoon", "a {adj} swoop upward"),
    }, ("the hero leaps into the air", "a bouncy boing", "an 8-bit sprite bounds over a gap"),
        frozenset({"size", "intensity", "pitch"}), countable=True),
)
