"""What the peers that make steps share: one step for each line that comes in."""
import resource
import sys
import time


def serve(step):
    """Makes one step for every line on standard input and prints its milliseconds; at the end the memory's peak in MB."""
    for _ in sys.stdin:
        start = time.perf_counter()
        step()
        print(1000 * (time.perf_counter() - start), flush=True)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, flush=True)
