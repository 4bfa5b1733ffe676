#pragma once

#include <ostream>
#include <string>

#include "imaging/image.hpp"
#include "imaging/window.hpp"

namespace viewer {

/// Shows an image through a display window on some output.
class Renderer {
public:
    virtual ~Renderer() = default;

    /// Writes the image to a stream.
    virtual void render(const imaging::Image& image, const imaging::Window& window, std::ostream& out) const = 0;
};

/// Shows an image as letters in a terminal, darkest to brightest.
class AsciiRenderer : public Renderer {
public:
    /// @param columns widest line that is written
    explicit AsciiRenderer(std::size_t columns = 80) : columns_(columns) {}

    void render(const imaging::Image& image, const imaging::Window& window, std::ostream& out) const override;

private:
    std::size_t columns_;
};

/// Writes an image as a binary portable graymap with 8 bits per sample.
class PgmRenderer : public Renderer {
public:
    void render(const imaging::Image& image, const imaging::Window& window, std::ostream& out) const override;
};

}  // namespace viewer
