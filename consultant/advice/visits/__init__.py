"""Visits and stays: level, time, place, and what else was done on their day."""
