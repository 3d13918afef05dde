"""`python -m dodo_licenses.contract`: the command `dodo-licenses contract` without the rest of the command line."""

from dodo_licenses.contract.command import contract

if __name__ == "__main__":
    contract(prog_name="python -m dodo_licenses.contract")
