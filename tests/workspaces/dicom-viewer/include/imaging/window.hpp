#pragma once

#include <cstdint>

#include "imaging/image.hpp"

namespace imaging {

/// A display window: the range of sample values that is spread over black to white.
class Window {
public:
    /// @param center value shown as middle grey
    /// @param width range of values from black to white
    /// @throws std::invalid_argument when the width is below one
    Window(double center, double width);

    /// The window that spans the darkest to the brightest sample of an image.
    static Window spanning(const Image& image);

    double center() const noexcept { return center_; }
    double width() const noexcept { return width_; }

    /// The grey level of one value, by the linear function of DICOM part 3, C.11.2.1.2.
    std::uint8_t apply(float value) const;

    /// A copy of an image with grey levels from 0 to 255.
    Image apply(const Image& image) const;

private:
    double center_;
    double width_;
};

}  // namespace imaging
