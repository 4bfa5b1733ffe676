#include "imaging/histogram.hpp"

#include <algorithm>
#include <stdexcept>

namespace imaging {

Histogram::Histogram(const Image& image, std::size_t bins) : counts_(bins, 0) {
    if (image.empty() || bins == 0) {
        throw std::invalid_argument("a histogram needs samples and bins");
    }
    const auto [low, high] = std::minmax_element(image.samples().begin(), image.samples().end());
    lowest_ = *low;
    highest_ = *high;
    const float range = std::max(highest_ - lowest_, 1e-6F);
    for (const float sample : image.samples()) {
        const auto bin = static_cast<std::size_t>((sample - lowest_) / range * static_cast<float>(bins));
        ++counts_[std::min(bin, bins - 1)];
    }
}

float Histogram::percentile(double share) const {
    std::size_t total = 0;
    for (const std::size_t count : counts_) {
        total += count;
    }
    const double wanted = std::clamp(share, 0.0, 1.0) * static_cast<double>(total);
    std::size_t below = 0;
    for (std::size_t bin = 0; bin < counts_.size(); ++bin) {
        below += counts_[bin];
        if (static_cast<double>(below) >= wanted) {
            const float part = static_cast<float>(bin + 1) / static_cast<float>(counts_.size());
            return lowest_ + part * (highest_ - lowest_);
        }
    }
    return highest_;
}

}  // namespace imaging
