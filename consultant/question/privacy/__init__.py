"""Marks of a patient's identity: found, and taken out."""
