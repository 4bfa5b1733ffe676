#include "imaging/image_processor.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "imaging/histogram.hpp"
#include "imaging/kernel_filter.hpp"
#include "imaging/median_filter.hpp"

namespace imaging {

void ImageProcessor::addFilter(std::unique_ptr<Filter> filter) {
    if (filter == nullptr) {
        throw std::invalid_argument("there is no filter to add");
    }
    filters_.push_back(std::move(filter));
}

void ImageProcessor::addFilter(const std::string& name) {
    addFilter(createFilter(name));
}

std::vector<std::string> ImageProcessor::filterNames() const {
    std::vector<std::string> names;
    for (const auto& filter : filters_) {
        names.push_back(filter->name());
    }
    return names;
}

Image ImageProcessor::process(const Image& image) const {
    Image result = image;
    for (const auto& filter : filters_) {
        result = filter->apply(result);
    }
    return result;
}

Window ImageProcessor::autoWindow(const Image& image, double low, double high) const {
    const Histogram histogram(image);
    const double dark = histogram.percentile(low);
    const double bright = histogram.percentile(high);
    return Window((dark + bright) / 2.0, std::max(1.0, bright - dark));
}

std::unique_ptr<Filter> ImageProcessor::createFilter(const std::string& name) {
    if (name == "gaussian") {
        return std::make_unique<GaussianFilter>();
    }
    if (name == "sharpen") {
        return std::make_unique<SharpenFilter>();
    }
    if (name == "median") {
        return std::make_unique<MedianFilter>();
    }
    throw std::invalid_argument("there is no filter '" + name + "'; there are gaussian, sharpen and median");
}

}  // namespace imaging
