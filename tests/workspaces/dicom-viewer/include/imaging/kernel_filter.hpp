#pragma once

#include <cstddef>
#include <vector>

#include "imaging/filter.hpp"

namespace imaging {

/// A filter that convolves the image with a square kernel; derived classes give the weights.
class KernelFilter : public Filter {
public:
    Image apply(const Image& image) const override;

    /// Side length of the kernel, an odd number.
    virtual std::size_t size() const = 0;

    /// Weights row by row, size() * size() of them.
    virtual std::vector<float> weights() const = 0;
};

/// Smooths an image with weights that fall off like a bell curve.
class GaussianFilter : public KernelFilter {
public:
    /// @param sigma standard deviation in pixels
    /// @throws std::invalid_argument when sigma is not positive
    explicit GaussianFilter(double sigma = 1.0);

    std::size_t size() const override;
    std::vector<float> weights() const override;
    std::string name() const override { return "gaussian"; }

private:
    double sigma_;
};

/// Makes edges stand out by subtracting the neighbours from each sample.
class SharpenFilter : public KernelFilter {
public:
    /// @param strength how much of the neighbours is subtracted; 0 leaves the image as it is
    explicit SharpenFilter(float strength = 1.0F) : strength_(strength) {}

    std::size_t size() const override { return 3; }
    std::vector<float> weights() const override;
    std::string name() const override { return "sharpen"; }

private:
    float strength_;
};

}  // namespace imaging
