"""Tables that are computed once for every device: windows, filter banks, grids.

constant(make, *arguments, device=...) -> what make(*arguments) returns, tensors or tuples of them, kept on that device
"""

from functools import lru_cache

import torch


@lru_cache(maxsize=256)
def kept(make, arguments: tuple, device: torch.device):
    made = make(*arguments)
    return tuple(part.to(device) for part in made) if isinstance(made, tuple) else made.to(device)


def constant(make, *arguments, device: torch.device):
    return kept(make, arguments, device)
