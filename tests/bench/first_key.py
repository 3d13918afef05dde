"""Print the first license key. Usage: first_key.py MODULE BASE_URL, where MODULE is a client's."""

from __future__ import annotations

import importlib
import sys

module, base_url = sys.argv[1:]
DodoPayments = importlib.import_module(module).DodoPayments

with DodoPayments(base_url=base_url, bearer_token="sk_made_up") as client:
    for key in client.license_keys.list():
        print(key.id, flush=True)
        break
