#!/usr/bin/env python
"""Django's usual entry; `consultant` does the same from anywhere."""

from consultant.__main__ import main

if __name__ == "__main__":
    main()
