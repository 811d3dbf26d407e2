"""A function of tensors, recorded as a CUDA graph: thousands of launches become one.

    recorded = Recorded(function)
    recorded(*tensors) -> what function(*tensors) returns, the first calls of every shape by calling it, later ones by replay

A step of the language model is some 4,000 small kernels; their launches took four times as long as the kernels. The function must
leave its results in the same places every time, wait for nothing and draw random numbers from the default generator only. What it
returns is overwritten by the next call. Elsewhere than on a GPU it is simply called. Graphs of all shapes share one pool of
memory. Call `own_stream()` once before the first: what has run on the default stream cannot be recorded later.
"""

from collections import Counter
from collections.abc import Callable

import torch

#: calls of a shape before it is recorded: libraries choose their kernels and allocate in them
FIRST_CALLS = 2


def own_stream(device: torch.device | str) -> None:
    """Everything that this thread does from now on is off the default stream."""
    if torch.device(device).type == "cuda":
        torch.cuda.synchronize()
        torch.cuda.set_stream(torch.cuda.Stream())


class Recorded:
    def __init__(self, function: Callable, enabled: bool = True):
        self.function, self.enabled = function, enabled and torch.cuda.is_available()
        self.calls, self.graphs = Counter(), {}
        self.pool = torch.cuda.graph_pool_handle() if self.enabled else None

    def __call__(self, *tensors: torch.Tensor):
        shapes = tuple(tensor.shape for tensor in tensors)
        if not self.enabled or self.calls[shapes] < FIRST_CALLS:
            self.calls[shapes] += 1
            return self.function(*tensors)
        if shapes not in self.graphs:
            self.graphs[shapes] = self.record(tensors)
        graph, places, made = self.graphs[shapes]
        for place, tensor in zip(places, tensors):
            place.copy_(tensor)
        graph.replay()
        return made

    def record(self, tensors: tuple[torch.Tensor, ...]) -> tuple[torch.cuda.CUDAGraph, list[torch.Tensor], object]:
        graph, places = torch.cuda.CUDAGraph(), [tensor.clone() for tensor in tensors]
        with torch.cuda.graph(graph, self.pool, torch.cuda.current_stream(), capture_error_mode="thread_local"):
            made = self.function(*places)
        return graph, places, made
