"""Meson: `meson.build`, `meson_options.txt` and `meson.options`."""
