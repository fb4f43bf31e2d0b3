"""Benchmarks: they print what they measured on this machine, in this run, and assert nothing."""
