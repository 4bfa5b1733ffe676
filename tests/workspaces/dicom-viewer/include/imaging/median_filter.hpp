#pragma once

#include <cstddef>

#include "imaging/filter.hpp"

namespace imaging {

/// Removes single bright or dark pixels by taking the median of each neighbourhood.
class MedianFilter : public Filter {
public:
    /// @param radius pixels around the centre that are looked at in each direction
    explicit MedianFilter(std::size_t radius = 1) : radius_(radius) {}

    Image apply(const Image& image) const override;
    std::string name() const override { return "median"; }

private:
    std::size_t radius_;
};

}  // namespace imaging
