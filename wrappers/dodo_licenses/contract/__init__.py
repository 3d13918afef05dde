"""Whether a server does what the vendor's documentation says: rules as pytest tests, then Schemathesis.

`dodo-licenses contract run --base-url …` runs them, and so does `pytest --pyargs dodo_licenses.contract` with the
settings of `dodo_licenses.contract.settings` in the environment. Needs the extra `[contract]`.
"""
