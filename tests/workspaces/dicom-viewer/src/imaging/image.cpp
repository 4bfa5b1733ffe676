#include "imaging/image.hpp"

#include <algorithm>
#include <stdexcept>

namespace imaging {

Image::Image(std::size_t width, std::size_t height, float fill)
    : width_(width), height_(height), samples_(width * height, fill) {}

float Image::at(std::size_t x, std::size_t y) const {
    if (x >= width_ || y >= height_) {
        throw std::out_of_range("there is no such pixel");
    }
    return samples_[y * width_ + x];
}

float& Image::at(std::size_t x, std::size_t y) {
    if (x >= width_ || y >= height_) {
        throw std::out_of_range("there is no such pixel");
    }
    return samples_[y * width_ + x];
}

float Image::clamped(std::ptrdiff_t x, std::ptrdiff_t y) const {
    const auto column = std::clamp<std::ptrdiff_t>(x, 0, static_cast<std::ptrdiff_t>(width_) - 1);
    const auto row = std::clamp<std::ptrdiff_t>(y, 0, static_cast<std::ptrdiff_t>(height_) - 1);
    return at(static_cast<std::size_t>(column), static_cast<std::size_t>(row));
}

Image Image::reduced(std::size_t factor) const {
    if (factor <= 1) {
        return *this;
    }
    Image smaller((width_ + factor - 1) / factor, (height_ + factor - 1) / factor);
    for (std::size_t y = 0; y < smaller.height(); ++y) {
        for (std::size_t x = 0; x < smaller.width(); ++x) {
            float sum = 0.0F;
            std::size_t count = 0;
            for (std::size_t row = y * factor; row < std::min((y + 1) * factor, height_); ++row) {
                for (std::size_t column = x * factor; column < std::min((x + 1) * factor, width_); ++column) {
                    sum += at(column, row);
                    ++count;
                }
            }
            smaller.at(x, y) = sum / static_cast<float>(count);
        }
    }
    return smaller;
}

}  // namespace imaging
