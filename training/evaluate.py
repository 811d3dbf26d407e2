"""Listens to a model pack with the judge: does it make what it was asked for, in the order and the manner it was asked?

The sounds are made by the shipped graphs as shipped, from held-out prompts (`held_out.py`); every measure stands beside its
ceiling, held-out originals through the codec, and its floor, the captions of others (`scores.py`).
Run:  python -m training.evaluate --pack models/foley-tiny --judge training/runs/judge --codec training/runs/codec \\
          --lm training/runs/lm --train-data training/data/train --out models/foley-tiny/evaluation.json
      about 15 minutes on 2 cores; --quick takes a quarter of the sounds. Without --pack only the ceilings are found; without
      --codec the originals stand in for their reconstructions.
      --examples DIR writes 24 takes as FLAC, --sheets DIR a spectrogram sheet of every family (needs matplotlib).
"""

import argparse
import json
import multiprocessing
import pathlib

import numpy as np

from . import make_data, showcase
from .caption_gap import caption_gap
from .held_out import ONE_SOUND, Item, material
from .listener import SAMPLE_RATE, answer, embed_clips, start
from .progress import Progress
from .scores import Results, copies, measure, table


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judge", type=pathlib.Path, required=True, help="run of training.judge")
    parser.add_argument("--pack", type=pathlib.Path, help="folder of the exported pack")
    parser.add_argument("--codec", type=pathlib.Path, help="run of training.train_codec")
    parser.add_argument("--lm", type=pathlib.Path, help="run of training.train_lm, for the cost of a wrong caption")
    parser.add_argument("--train-data", type=pathlib.Path, help="training clips, for the nearest one")
    parser.add_argument("--out", type=pathlib.Path, help="JSON file to write")
    parser.add_argument("--examples", type=pathlib.Path, help="folder for 24 takes")
    parser.add_argument("--sheets", type=pathlib.Path, help="folder for spectrogram sheets")
    parser.add_argument("--quick", action="store_true", help="a quarter of the sounds")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


def evaluate(args: argparse.Namespace) -> dict[str, object]:
    items = material(args.quick)
    context = multiprocessing.get_context("spawn")
    with context.Pool(args.processes, start, (args.pack, args.judge, args.codec)) as pool:
        answers = list(Progress(pool.imap(answer, items, 4), len(items), "prompts"))
        results = Results(items, answers)
        found = table(results)
        if args.train_data:
            found = {"nearest_training_clip": copies(results, trained_embeddings(pool, args))} | found
    if args.codec and args.lm:
        found = {"ce_gap": measure(caption_gap(asked(items), args.codec, args.lm), None, 0.0)} | found
    return {"sounds": sum(a.made is not None for a in answers), "quick": args.quick} | found


def asked(items: list[Item]) -> list[Item]:
    """Up to four prompts of every family"""
    families = [item for item in items if item.group == "families"]
    return [item for item in families if item.take % 100 < 4]


def trained_embeddings(pool, args: argparse.Namespace) -> np.ndarray:
    """[clips, 256], of every fourth clip with --quick"""
    count, step = len(make_data.load(args.train_data)[1]), 4 if args.quick else 1
    samples, share = round(ONE_SOUND * SAMPLE_RATE), 40 * step
    tasks = [(args.train_data, first, first + share, step, samples) for first in range(0, count, share)]
    return np.concatenate(list(Progress(pool.imap(embed_clips, tasks), len(tasks), "training parts")))


def show(found: dict[str, object]) -> None:
    """measure, value, ceiling, floor"""
    print(f"{'':28}{'value':>10}{'ceiling':>10}{'floor':>10}")
    for name, entry in found.items():
        if isinstance(entry, dict) and "floor" in entry:
            print(f"{name:28}" + "".join(f"{'-' if x is None else f'{x:.3f}':>10}" for x in entry.values()))
        elif isinstance(entry, int | float):
            print(f"{name:28}{entry:>10.4g}")
    weak = sorted((entry["value"], name) for name, entry in found["families"].items() if entry["value"] is not None)[:8]
    print("weakest families: " + ", ".join(f"{name} {value:.2f}" for value, name in weak))


def main() -> None:
    args = parse_arguments()
    if args.sheets:
        showcase.find_matplotlib()
    found = evaluate(args)
    show(found)
    if args.out:
        args.out.write_text(json.dumps(found, indent=2) + "\n")
    if args.examples and args.pack:
        showcase.write_examples(args.examples, args.pack, args.judge)
    if args.sheets:
        showcase.write_sheets(args.sheets, args.pack, args.judge, args.codec)


if __name__ == "__main__":
    main()
