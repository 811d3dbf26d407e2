"""Synthesises a data set: clips and captions from seeds, in parallel, the same whatever the number of processes.

    OUT/audio.i16   int16, mono 32 kHz, all clips one after the other, full scale 32767; whole codec frames of 640 samples
    OUT/clips.json  per clip: start, samples, seed, set, relation, space, distance, loop, events with their labels,
                    onsets and ends, captions

Run:  python -m training.make_data --out training/data/train --clips 16000
      about 8 minutes on 2 cores. Judge and held-out sets use other seeds and other draws: --first-seed 1000000 --set judge,
      --first-seed 2000000 --set held-out. Recordings, alone (--clips 0) or beside the synthesised clips:
      --recordings manifest.csv (see recordings.py).
"""

import argparse
import dataclasses
import json
import multiprocessing
import pathlib
from collections.abc import Iterator

import numpy as np

from .captions import captions
from .draw_spec import draw_clip
from .progress import Progress
from .spec import ClipSpec
from .synthesis import FAMILIES
from .synthesis.render import is_loop, render

CAPTIONS = 3
#: families that models so far knew least; "mixed" holds more of them
WEAK = ("knock", "lock", "chain", "sword", "engine", "bell", "alarm", "siren", "ui_blip", "coin", "force_field", "spark")
LOOPS = tuple(name for name, family in FAMILIES.items() if family.loop)
#: seconds of the loops of "long", which hold nothing else: 430 codec frames, more than three windows of the language model
LONG = 8.6
#: set -> which draws take turns in it
SETS = {
    "train": ({},),
    "in-turn": ({"relation": "then"}, {}),
    "mixed": (*({"relation": "then"},) * 4, *({},) * 5, {"relation": "single", "weak": True}),
    "long": ({"relation": "single", "loop": True},),
    "judge": ({"relation": "single"}, {"relation": "single"}, {}, {"unseen_sources": True, "relation": "single"}),
    "held-out": ({"relation": "single"},),
    "unseen-sources": ({"relation": "single", "unseen_sources": True},),
    "pairs": ({"relation": "then", "held_out_pairs": True},),
}


def spec_of(seed: int, chosen: str) -> ClipSpec:
    draws = SETS[chosen]
    draw = dict(draws[seed % len(draws)])
    if draw.pop("weak", False):
        draw["family"] = WEAK[seed // len(draws) % len(WEAK)]
    if draw.pop("loop", False):
        draw["family"] = LOOPS[seed // len(draws) % len(LOOPS)]
    if draw.get("unseen_sources"):
        mixed = [name for name, family in FAMILIES.items() if family.unseen]
        draw["family"] = mixed[seed // len(draws) % len(mixed)]
    elif chosen in ("judge", "held-out"):
        draw["family"] = list(FAMILIES)[seed // len(draws) % len(FAMILIES)]
    return draw_clip(seed, **draw)


def make_clip(seed: int, chosen: str) -> tuple[np.ndarray, dict]:
    clip = spec_of(seed, chosen)
    pcm, spans = render(clip, LONG) if chosen == "long" else render(clip)
    label = {"seed": seed, "set": chosen} | dataclasses.asdict(clip)
    label |= {"mentioned": sorted(clip.mentioned), "loop": is_loop(clip)}
    for event, (onset, end) in zip(label["events"], spans):
        event |= {"onset": onset, "end": end, "mentioned": sorted(event["mentioned"])}
    return np.round(pcm * 32767).astype(np.int16), label | {"captions": captions(clip, CAPTIONS)}


def make_one(task: tuple[int, str]) -> tuple[np.ndarray, dict]:
    return make_clip(*task)


def make(
    out: pathlib.Path, clips: int, first_seed: int, processes: int, chosen: str = "train", manifest: pathlib.Path | None = None
):
    out.mkdir(parents=True, exist_ok=True)
    labels, start = [], 0
    tasks = [(seed, chosen) for seed in range(first_seed, first_seed + clips)]
    with (out / "audio.i16").open("wb") as file, multiprocessing.Pool(processes) as pool:
        made = pool.imap(make_one, tasks, 16) if tasks else ()
        recorded = read_recordings(manifest) if manifest else ()
        for source, total in ((made, clips), (recorded, None)):
            for pcm, label in Progress(source, total, "clips"):
                file.write(pcm.tobytes())
                labels.append({"start": start, "samples": len(pcm)} | label)
                start += len(pcm)
    (out / "clips.json").write_text(json.dumps(labels))
    print(f"{len(labels)} clips, {start / 32000 / 60:.0f} minutes: {out}")


def read_recordings(manifest: pathlib.Path) -> Iterator[tuple[np.ndarray, dict]]:
    from . import recordings  # only here, so that synthesis runs where soundfile cannot be installed

    return recordings.read(manifest)


def load(folder: pathlib.Path) -> tuple[np.ndarray, list[dict]]:
    """audio i16 [samples of all clips] (memory-mapped) and the labels."""
    return np.memmap(folder / "audio.i16", dtype=np.int16, mode="r"), json.loads((folder / "clips.json").read_text())


def clip_pcm(audio: np.ndarray, label: dict, samples: int | None = None) -> np.ndarray:
    """f32 of one clip; cut, or filled with silence, to `samples` where given."""
    pcm = audio[label["start"] : label["start"] + label["samples"]].astype(np.float32) / 32767
    return pcm if samples is None else np.pad(pcm[:samples], (0, max(0, samples - len(pcm))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--clips", type=int, default=16000)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--set", choices=SETS, default="train")
    parser.add_argument("--recordings", type=pathlib.Path, help="manifest of captions, CSV or JSON lines")
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count())
    args = parser.parse_args()
    make(args.out, args.clips, args.first_seed, args.processes, args.set, args.recordings)


if __name__ == "__main__":
    main()
