"""Proves by boto3 that moto refuses changes as AWS does, and that the faults of changes befall as they say.

Usage: strict_check.py http://127.0.0.1:PORT     (a stand-in that was just started, without faults)

Prints {"proven": [claim, …], "failed": {claim: why}} as JSON. What is claimed stands in `proofs/`.
"""

import json
import sys

from proofs import Aws, claims
from proofs import assignments, faults, iam, identity_store  # noqa: F401 (each adds its claims)


def main():
    aws = Aws(sys.argv[1])
    aws.organization.create_organization(FeatureSet="ALL")
    proven, failed = [], {}
    for claim in claims:
        try:
            claim(aws)
            proven.append(claim.__name__)
        except Exception as error:
            failed[claim.__name__] = f"{type(error).__name__}: {error}"
        aws.ask("DELETE", "/faults")
        aws.settle()
    json.dump({"proven": proven, "failed": failed}, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
