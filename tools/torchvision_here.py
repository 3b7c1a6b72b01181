"""torchvision, also where it was built for another PyTorch."""
import sys

import torch


def torchvision_module():
    """A torchvision built for another PyTorch lacks its compiled operators, which no classifier needs."""
    try:
        import torchvision
    except RuntimeError:
        for name in [m for m in sys.modules if m.startswith('torchvision')]:
            del sys.modules[name]
        library = torch.library.Library('torchvision', 'DEF')
        for operator in ('nms', 'qnms'):
            library.define(operator + '(Tensor dets, Tensor scores, float iou_threshold) -> Tensor')
        torchvision_module.kept = library
        import torchvision
    return torchvision
