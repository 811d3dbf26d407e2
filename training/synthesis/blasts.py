"""Blasts: explosions and gunshots.

Sources: Friedlander 1946 (blast wave p = (1 - t/T) e^(-b t/T)); Farnell 2010 (explosion).
"""

import numpy as np

from .. import dsp
from ..spec import SoundSpec
from .breaking import between, scatter, shortly
from .family import Family
from .impacts import strike


def friedlander(n: int, duration: float) -> np.ndarray:
    """A blast wave: a jump, a fall through zero at `duration` seconds, a shallow dip."""
    t = dsp.times(n) / duration
    return (1 - t) * np.exp(-1.5 * t)


def darkening(rng, n: int, t60: float, cutoff: float) -> np.ndarray:
    """Noise whose high frequencies die first: three bands, the upper ones shorter."""
    source = dsp.noise(rng, n)
    bands = ((cutoff, 0.3), (cutoff / 3, 0.6), (cutoff / 10, 1.0))
    return sum(dsp.normalise(dsp.bandpass(source, top / 6, top) * dsp.decay(n, t60 * length)) for top, length in bands)


def debris(rng, spec: SoundSpec, out: np.ndarray, length: float) -> None:
    pieces = [strike(rng, spec, dsp.samples(0.15), rng.uniform(250, 1500), 0.1, 6, 0.6, 0.1) for _ in range(3)]
    starts = rng.uniform(0.15, 0.3 + 0.8 * length, int(rng.integers(0, 12)))
    scatter(rng, out, pieces, starts, rng.uniform(0.03, 0.12, len(starts)))


def boom(rng, spec: SoundSpec, n: int, length: float) -> np.ndarray:
    """One detonation: blast wave, darkening roar, a sub tone that falls to 32 Hz."""
    t = dsp.times(n)
    sub = np.sin(2 * np.pi * np.cumsum(32 + between(110, 60, spec.size) * np.exp(-t * 7)) / dsp.SAMPLE_RATE) * dsp.decay(
        n, 0.7 * length
    )
    cutoff = between(1500, 8000, spec.intensity) * between(1.6, 0.6, spec.size)
    roar = dsp.normalise(darkening(rng, n, length, cutoff))
    return friedlander(n, 0.004 + 0.02 * spec.size) + 1.8 * roar + (0.2 + 0.5 * spec.size) * sub


def bomb(rng, spec: SoundSpec, n: int) -> np.ndarray:
    length = 0.5 + 1.4 * spec.size
    out = boom(rng, spec, n, length)
    debris(rng, spec, out, length)
    return out


def chain_of_charges(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """Two to four detonations that run into each other."""
    length, out = 0.4 + 1.1 * spec.size, np.zeros(n)
    one = boom(rng, spec, n, length)
    for i in range(int(rng.integers(2, 5))):
        dsp.place(out, one, i * rng.uniform(0.07, 0.16), rng.uniform(0.5, 1.0) * 0.8**i)
    return out


def fuel_blast(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A blast that lights fuel: the roar swells for 0.1 s after the bang and flutters."""
    length = 0.6 + 1.4 * spec.size
    cutoff = between(500, 3500, spec.intensity) * between(1.5, 0.7, spec.size)
    fuel = dsp.bandpass(dsp.noise(rng, n), 60, cutoff) * dsp.smooth_curve(rng, n, 0.06, 0.4, 1.0)
    return boom(rng, spec, n, 0.6 * length) + 0.9 * dsp.normalise(fuel * dsp.attack_decay(n, 0.12, length))


def explosion(rng, spec: SoundSpec, n: int) -> np.ndarray:
    recipe = (bomb, chain_of_charges, fuel_blast)[int(rng.integers(3))]
    out = shortly(recipe, rng, spec, n, 1.0 + 1.8 * spec.size)
    return dsp.saturate(out, 1.2 + 1.5 * spec.intensity)


def action_clicks(rng, spec: SoundSpec, out: np.ndarray, starts) -> None:
    """The gun's moving metal: slide, bolt or pump."""
    f0 = between(2600, 1300, spec.size)
    clicks = [strike(rng, spec, dsp.samples(0.09), f0 * rng.uniform(0.8, 1.25), 0.02, 8, 0.9, 0.05) for _ in range(2)]
    scatter(rng, out, clicks, starts, rng.uniform(0.05, 0.12, len(starts)))


def shot(rng, spec: SoundSpec, n: int, duration: float, t60: float, cutoff: float) -> np.ndarray:
    """Muzzle blast: a very short blast wave, a burst of gas noise, a thump of air; a few slap echoes."""
    cutoff *= between(0.5, 2.0, spec.intensity) * between(1.7, 0.55, spec.size)
    t60 *= between(0.6, 1.6, spec.size)
    out = 1.3 * friedlander(n, duration * between(0.6, 1.7, spec.size)) + 1.2 * dsp.normalise(darkening(rng, n, t60, cutoff))
    out += 0.35 * np.sin(2 * np.pi * between(230, 95, spec.size) * dsp.times(n)) * dsp.decay(n, 0.12)
    out = dsp.saturate(out, 1.5 + 2 * spec.intensity)
    wet = dsp.lowpass(out, 1800)
    for delay in rng.uniform(0.05, 0.3, int(rng.integers(2, 5))):
        dsp.place(out, wet, delay, rng.uniform(0.06, 0.16) * np.exp(-3 * delay))
    return out


def pistol(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A sharp dry bang; the slide snaps back and forth within 0.15 s."""
    out = shot(rng, spec, n, 0.0006, 0.28, 7000)
    action_clicks(rng, spec, out, [rng.uniform(0.06, 0.08), rng.uniform(0.11, 0.16)])
    return out


def rifle(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """The bullet's N-wave whip-crack, then the muzzle blast with a longer tail."""
    out = np.zeros(n)
    crack = np.linspace(1, -1, dsp.samples(rng.uniform(0.0004, 0.0008)))
    dsp.place(out, shot(rng, spec, n, 0.001, 0.5, 8000), rng.uniform(0.004, 0.02))
    dsp.place(out, crack, 0.0, 0.9)
    hiss = dsp.highpass(dsp.noise(rng, n), 2500) * dsp.decay(n, 0.05)
    out += 0.35 * dsp.normalise(hiss)
    return out


def shotgun(rng, spec: SoundSpec, n: int) -> np.ndarray:
    """A broad deep boom of gas; half the time the pump racks after it."""
    out = shot(rng, spec, n, 0.0022, 0.6, 3500)
    thud = dsp.lowpass(dsp.noise(rng, n), 260) * dsp.decay(n, 0.35)
    out += 0.4 * dsp.normalise(thud)
    if rng.random() < 0.5:
        rack = rng.uniform(0.4, 0.55)
        action_clicks(rng, spec, out, [rack, rack + rng.uniform(0.1, 0.16), rack + rng.uniform(0.17, 0.2)])
    return out


def gunshot(rng, spec: SoundSpec, n: int) -> np.ndarray:
    recipe = {"rifle": rifle, "shotgun": shotgun}.get(spec.action, pistol)
    return shortly(recipe, rng, spec, n, 1.4)


FAMILIES = (
    Family(
        "explosion",
        explosion,
        phrases={
            "": (
                "a {adj} explosion", "{adj} bomb blast", "a {adj} grenade explodes", "{adj} detonation", "a {adj} bomb blows up",
                "{adj} explosive blast with debris", "exploding {adj} barrel", "{adj} explosion boom",
                "{adj} grenade blast", "a cannon fires across the battlefield", "a missile strikes a tank",
                "{adj} rocket impact", "a {adj} shell bursts in the trenches", "{adj} artillery strike",
                "a {adj} gas tank erupts", "a fuel truck blows up after a crash", "{adj} car bomb",
                "a {adj} mortar round explodes", "a powder keg bursts with a {adj} boom",
                "the power plant explodes, wreckage flying", "{adj} blast wave shaking the ground",
                "a shockwave, then falling wreckage", "soldiers blow up a bridge", "{adj} airstrike on an enemy bunker",
                "{adj} quarry blasting", "{adj} boom of an exploding spaceship", "the reactor bursts apart",
                "volcanic eruption", "a {adj} firecracker explodes", "plastic explosives blow the vault open",
                "an ammunition depot explodes", "{adj} fuel explosion with rumbling fire",
                "a torpedo blows a hole in the hull", "{adj} kaboom", "chemical factory accident, {adj} blast",
                "a {adj} steam boiler ruptures", "the enemy robot self-destructs", "a {adj} warhead devastates the city",
                "{adj} propane cylinder blast", "{adj} boss death explosion",
            )
        },
        held_out=("dynamite goes off", "a land mine detonates", "TNT demolition charge"),
        shapes=frozenset({"size", "intensity"}),
    ),
    Family(
        "gunshot",
        gunshot,
        phrases={
            "pistol": (
                "a {adj} pistol shot", "{adj} handgun fires", "{adj} gunshot", "firing a {adj} pistol",
                "a {adj} gun shot, pistol",
                "a {adj} handgun goes off",
                "a {adj} sidearm cracks", "the detective fires his service pistol", "{adj} glock shot, slide snapping back",
                "a policeman squeezes the trigger of a handgun", "a robber fires a warning shot",
                "{adj} semi-automatic pistol report", "a starter pistol begins the race",
                "the gangster pulls the trigger", "{adj} 9mm round fired at a target",
            ),
            "rifle": (
                "a {adj} rifle shot", "{adj} rifle fires", "{adj} sniper shot", "firing a {adj} hunting rifle",
                "{adj} gunshot from a rifle", "{adj} assault rifle single shot",
                "a marksman fires at a deer", "{adj} carbine crack", "a soldier takes a shot with his rifle",
                "{adj} crack of a sniper's gun", "a hunter shoots an elk with a {adj} rifle", "{adj} bolt-action report",
                "a winchester fires across the valley", "{adj} ak-47 shot", "military gunfire",
                "a long-barrelled gun aimed and fired",
            ),
            "shotgun": (
                "a {adj} shotgun blast", "{adj} shotgun fires", "firing a {adj} shotgun", "{adj} pump shotgun shot",
                "{adj} shotgun, one shell fired",
                "a {adj} double-barrelled shotgun roars", "{adj} buckshot blast", "a farmer shoots at crows with a shotgun",
                "{adj} twelve-gauge blast", "a {adj} sawn-off shotgun goes off", "shooting clay pigeons with a shotgun",
                "a zombie gets blasted with a shotgun", "{adj} boomstick", "pellets spray from a {adj} scattergun",
                "duck hunting, a shotgun booms",
            ),
        },
        held_out=("a revolver is discharged", "a musket bangs", "a bullet is shot from a firearm"),
        shapes=frozenset({"size", "intensity"}),
        countable=True,
    ),
)  # fmt: skip
