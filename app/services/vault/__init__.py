"""What opens the books: keys, passphrase, recovery key, keychain, and how they are renewed."""
