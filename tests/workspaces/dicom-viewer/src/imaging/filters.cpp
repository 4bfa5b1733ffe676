#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "imaging/kernel_filter.hpp"
#include "imaging/median_filter.hpp"

namespace imaging {

Image KernelFilter::apply(const Image& image) const {
    const std::vector<float> kernel = weights();
    const std::size_t side = size();
    const auto reach = static_cast<std::ptrdiff_t>(side / 2);
    Image result(image.width(), image.height());
    for (std::size_t y = 0; y < image.height(); ++y) {
        for (std::size_t x = 0; x < image.width(); ++x) {
            float sum = 0.0F;
            for (std::size_t row = 0; row < side; ++row) {
                for (std::size_t column = 0; column < side; ++column) {
                    const auto sourceX = static_cast<std::ptrdiff_t>(x + column) - reach;
                    const auto sourceY = static_cast<std::ptrdiff_t>(y + row) - reach;
                    sum += kernel[row * side + column] * image.clamped(sourceX, sourceY);
                }
            }
            result.at(x, y) = sum;
        }
    }
    return result;
}

GaussianFilter::GaussianFilter(double sigma) : sigma_(sigma) {
    if (!(sigma > 0.0)) {
        throw std::invalid_argument("sigma must be positive");
    }
}

std::size_t GaussianFilter::size() const {
    // Beyond three standard deviations the weights are below half a percent.
    return 2 * static_cast<std::size_t>(std::ceil(3.0 * sigma_)) + 1;
}

std::vector<float> GaussianFilter::weights() const {
    const std::size_t side = size();
    const double middle = static_cast<double>(side / 2);
    std::vector<float> kernel;
    kernel.reserve(side * side);
    double sum = 0.0;
    for (std::size_t row = 0; row < side; ++row) {
        for (std::size_t column = 0; column < side; ++column) {
            const double dx = static_cast<double>(column) - middle;
            const double dy = static_cast<double>(row) - middle;
            const double weight = std::exp(-(dx * dx + dy * dy) / (2.0 * sigma_ * sigma_));
            kernel.push_back(static_cast<float>(weight));
            sum += weight;
        }
    }
    for (float& weight : kernel) {
        weight = static_cast<float>(weight / sum);
    }
    return kernel;
}

std::vector<float> SharpenFilter::weights() const {
    const float side = -strength_;
    const float middle = 1.0F + 4.0F * strength_;
    return {0.0F, side, 0.0F, side, middle, side, 0.0F, side, 0.0F};
}

Image MedianFilter::apply(const Image& image) const {
    const auto reach = static_cast<std::ptrdiff_t>(radius_);
    Image result(image.width(), image.height());
    std::vector<float> neighbours;
    for (std::size_t y = 0; y < image.height(); ++y) {
        for (std::size_t x = 0; x < image.width(); ++x) {
            neighbours.clear();
            for (std::ptrdiff_t dy = -reach; dy <= reach; ++dy) {
                for (std::ptrdiff_t dx = -reach; dx <= reach; ++dx) {
                    neighbours.push_back(image.clamped(static_cast<std::ptrdiff_t>(x) + dx,
                                                       static_cast<std::ptrdiff_t>(y) + dy));
                }
            }
            const auto middle = neighbours.begin() + static_cast<std::ptrdiff_t>(neighbours.size() / 2);
            std::nth_element(neighbours.begin(), middle, neighbours.end());
            result.at(x, y) = *middle;
        }
    }
    return result;
}

}  // namespace imaging
