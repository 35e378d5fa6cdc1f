"""Programs for people who work on 1099 Ops; `run.py` is made of some of them."""
