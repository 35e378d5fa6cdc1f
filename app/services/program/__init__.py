"""The program itself: its log, its checks of the installation, its sample, its window settings."""
