"""The relay: the small server that holds the bank provider's secret, and nothing of any user.

It shares no import with the app. `docs/relay.md` has the protocol and the reasons.
"""

__version__ = "1.0.0"
