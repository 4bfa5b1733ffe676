"""CMake: `CMakeLists.txt`."""
