#pragma once

#include <memory>
#include <string>
#include <vector>

#include "imaging/filter.hpp"
#include "imaging/window.hpp"

namespace imaging {

/// Runs a chain of filters over an image and fits a display window to the result.
class ImageProcessor {
public:
    /// Appends a filter to the chain.
    void addFilter(std::unique_ptr<Filter> filter);

    /// Appends the filter with this name.
    /// @throws std::invalid_argument when no filter has this name
    void addFilter(const std::string& name);

    /// Removes every filter.
    void clear() noexcept { filters_.clear(); }

    /// The names of the filters in the order in which they run.
    std::vector<std::string> filterNames() const;

    /// Runs the chain. Without filters the image comes back as it is.
    Image process(const Image& image) const;

    /// A window between two percentiles, so that a few extreme samples do not darken the rest.
    Window autoWindow(const Image& image, double low = 0.01, double high = 0.99) const;

    /// Makes the filter with this name.
    /// @throws std::invalid_argument when no filter has this name
    static std::unique_ptr<Filter> createFilter(const std::string& name);

private:
    std::vector<std::unique_ptr<Filter>> filters_;
};

}  // namespace imaging
