#pragma once

#include <string>

#include "imaging/image.hpp"

namespace imaging {

/// An operation that makes one image out of another. The base of every filter.
class Filter {
public:
    virtual ~Filter() = default;

    /// A new image of the same size.
    virtual Image apply(const Image& image) const = 0;

    /// The name under which the command line knows the filter.
    virtual std::string name() const = 0;
};

}  // namespace imaging
