"""The window: Qt widgets on the services. Only this package imports PySide6."""
