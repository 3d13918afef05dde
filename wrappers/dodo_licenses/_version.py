"""The version of the distribution, said here alone."""

__version__ = "0.1.0"
