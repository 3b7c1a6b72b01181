"""Reference values for src/training/optimizers/optimizers.test.ts: PyTorch's optimizers in float64."""
import torch


def three_steps(make):
    p = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
    q = torch.tensor([-2.0], dtype=torch.float64, requires_grad=True)
    optimizer = make([{"params": [p], "weight_decay": 0.1}, {"params": [q], "weight_decay": 0.0}])
    for step in range(3):
        p.grad = torch.tensor([0.5 * (step + 1)], dtype=torch.float64)
        q.grad = torch.tensor([-0.25 * (step + 1)], dtype=torch.float64)
        optimizer.step()
    return p.item(), q.item()


print(torch.__version__)
print("momentum", three_steps(lambda g: torch.optim.SGD(g, lr=0.1, momentum=0.9)))
print("nesterov", three_steps(lambda g: torch.optim.SGD(g, lr=0.1, momentum=0.9, nesterov=True)))
print("adamw", three_steps(lambda g: torch.optim.AdamW(g, lr=0.1)))
