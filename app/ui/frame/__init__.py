"""The window around the pages: sidebar, menus, palette, status row, and what lies over all of it."""
