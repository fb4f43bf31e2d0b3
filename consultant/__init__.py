"""Consultant: a coding question in by e-mail, a checked draft to a reviewer, the reply back in the same thread."""

__version__ = "0.1.0"
