#pragma once

#include <cstddef>
#include <vector>

#include "imaging/image.hpp"

namespace imaging {

/// How often sample values occur, in bins of equal width from the lowest to the highest value.
class Histogram {
public:
    /// @throws std::invalid_argument when the image is empty or there are no bins
    explicit Histogram(const Image& image, std::size_t bins = 256);

    float lowest() const noexcept { return lowest_; }
    float highest() const noexcept { return highest_; }
    const std::vector<std::size_t>& counts() const noexcept { return counts_; }

    /// The value below which a share of all samples lies, to the width of one bin.
    /// @param share from 0 to 1
    float percentile(double share) const;

private:
    float lowest_ = 0.0F;
    float highest_ = 0.0F;
    std::vector<std::size_t> counts_;
};

}  // namespace imaging
