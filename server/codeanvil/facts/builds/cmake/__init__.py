"""CMake: `CMakeLists.txt`, `*.cmake` modules and presets."""
