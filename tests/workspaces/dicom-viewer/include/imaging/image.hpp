#pragma once

#include <cstddef>
#include <vector>

namespace imaging {

/// A greyscale image: rows of samples from top to bottom, each from left to right.
class Image {
public:
    Image() = default;

    /// An image with every sample set to one value.
    Image(std::size_t width, std::size_t height, float fill = 0.0F);

    std::size_t width() const noexcept { return width_; }
    std::size_t height() const noexcept { return height_; }
    bool empty() const noexcept { return samples_.empty(); }

    /// The sample at a position.
    /// @throws std::out_of_range outside of the image
    float at(std::size_t x, std::size_t y) const;
    float& at(std::size_t x, std::size_t y);

    /// The sample at a position, or the nearest one at the border.
    float clamped(std::ptrdiff_t x, std::ptrdiff_t y) const;

    const std::vector<float>& samples() const noexcept { return samples_; }
    std::vector<float>& samples() noexcept { return samples_; }

    /// A smaller copy that averages blocks of `factor` by `factor` samples.
    Image reduced(std::size_t factor) const;

private:
    std::size_t width_ = 0;
    std::size_t height_ = 0;
    std::vector<float> samples_;
};

}  // namespace imaging
