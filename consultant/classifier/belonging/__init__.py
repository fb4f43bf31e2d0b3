"""Whose word is it? Which part of a letter tells of the service that was done, and which of something else."""
