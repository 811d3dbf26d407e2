"""One process or several (torchrun): who am I, the same model everywhere, and one clock for all.

torchrun sets RANK and WORLD_SIZE; without them every function here does nothing. Gradients are averaged by PyTorch's DDP: gloo
on CPUs, NCCL on GPUs.
"""

import os

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel


def start() -> tuple[int, int]:
    """Joins the group. Returns rank and number of processes."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world == 1:
        return 0, 1
    gpu = torch.cuda.is_available()
    if gpu:
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    torch.distributed.init_process_group("nccl" if gpu else "gloo")
    return torch.distributed.get_rank(), world


def wrap(model: nn.Module) -> nn.Module:
    return DistributedDataParallel(model) if torch.distributed.is_initialized() else model


def agree(share: float) -> float:
    """The first process's share of the run: all must end with the same step."""
    if not torch.distributed.is_initialized():
        return share
    value = torch.tensor([share], dtype=torch.float64, device="cuda" if torch.cuda.is_available() else "cpu")
    torch.distributed.broadcast(value, 0)
    return float(value)


def stop() -> None:
    if torch.distributed.is_initialized():
        torch.distributed.barrier()
        torch.distributed.destroy_process_group()
