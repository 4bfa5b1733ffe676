#pragma once

#include <cmath>
#include <iostream>

/// Counts what failed; main returns it, so that ctest sees it.
inline int failures = 0;

#define CHECK(condition)                                                              \
    do {                                                                              \
        if (!(condition)) {                                                           \
            std::cerr << __FILE__ << ':' << __LINE__ << ": " #condition " is false\n"; \
            ++failures;                                                               \
        }                                                                             \
    } while (false)

#define CHECK_THROWS(expression, error)                                                       \
    do {                                                                                      \
        bool caught = false;                                                                  \
        try {                                                                                 \
            (void)(expression);                                                               \
        } catch (const error&) {                                                              \
            caught = true;                                                                    \
        }                                                                                     \
        if (!caught) {                                                                        \
            std::cerr << __FILE__ << ':' << __LINE__ << ": " #expression " did not throw\n";   \
            ++failures;                                                                       \
        }                                                                                     \
    } while (false)

/// Whether two numbers are equal but for rounding.
inline bool near(double left, double right, double tolerance = 1e-4) {
    return std::fabs(left - right) <= tolerance;
}
