"""A process of its own that scans every ticket from several threads, for the races of the door.

``python -m tests.checkin.storming DATABASE_URL DIRECTORY`` reads one JSON line (threads,
checkpoint, bearer, codes), says ``ready``, waits for a line, storms, and prints the answers.
"""

import json
import random
import sys
from collections import Counter
from pathlib import Path

from tests import databases, factories
from tests.racing import race


def storm(app, plan):
    """Scan every ticket by every thread, each in an order of its own, over HTTP."""
    headers = {"Authorization": f"Bearer {plan['bearer']}"}

    def act(number):
        said = Counter()
        codes = list(plan["codes"])
        random.Random(f"{plan['process']}/{number}").shuffle(codes)
        client = app.test_client()
        for code in codes:
            body = {"checkpoint": plan["checkpoint"], "nonce": factories.nonce(), "code": code}
            answer = client.post("/api/v1/scans", json=body, headers=headers)
            said[answer.json.get("reason") or f"{answer.status} {answer.text}"] += 1
        return said

    total = Counter()
    for result in race(app, act, plan["threads"]):
        total.update(result if isinstance(result, Counter) else {repr(result): 1})
    return total


def main():
    """Play one process of the storm."""
    app = databases.build(sys.argv[1], Path(sys.argv[2]))
    plan = json.loads(sys.stdin.readline())
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    print(json.dumps(storm(app, plan)))  # noqa: T201


if __name__ == "__main__":
    main()
