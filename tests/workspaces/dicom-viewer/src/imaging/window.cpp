#include "imaging/window.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace imaging {

Window::Window(double center, double width) : center_(center), width_(width) {
    if (!(width >= 1.0)) {
        throw std::invalid_argument("a window must be at least one value wide");
    }
}

Window Window::spanning(const Image& image) {
    if (image.empty()) {
        throw std::invalid_argument("an empty image has no window");
    }
    const auto [low, high] = std::minmax_element(image.samples().begin(), image.samples().end());
    return Window((*low + *high) / 2.0, std::max(1.0, static_cast<double>(*high) - *low));
}

std::uint8_t Window::apply(float value) const {
    const double span = std::max(width_ - 1.0, 1e-6);
    const double grey = ((value - (center_ - 0.5)) / span + 0.5) * 255.0;
    return static_cast<std::uint8_t>(std::lround(std::clamp(grey, 0.0, 255.0)));
}

Image Window::apply(const Image& image) const {
    Image shown(image.width(), image.height());
    std::transform(image.samples().begin(), image.samples().end(), shown.samples().begin(),
                   [this](float value) { return static_cast<float>(apply(value)); });
    return shown;
}

}  // namespace imaging
