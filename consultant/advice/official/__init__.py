"""What official files say of the codes: edits, unit limits, indicators, fees, successors, coverage."""
