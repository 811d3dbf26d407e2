"""The learning rate of both trainings, as a share of its peak: a straight warm-up, then a cosine down to 3 %."""

import math


def schedule(step: int, warm_up: int, share: float) -> float:
    """step from 0, warm_up in steps, share of the run that is over, 0..1"""
    return min(1, (step + 1) / warm_up) * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * share)))
