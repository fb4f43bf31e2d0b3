"""Rules of ICD-10-CM: which diagnoses, in which order, to which digit."""
