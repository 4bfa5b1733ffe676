#include <algorithm>
#include <string>

#include "viewer/renderer.hpp"

namespace viewer {

namespace {

const std::string shades = " .:-=+*#%@";

}  // namespace

void AsciiRenderer::render(const imaging::Image& image, const imaging::Window& window, std::ostream& out) const {
    const std::size_t columns = std::max<std::size_t>(columns_, 1);
    const std::size_t factor = std::max<std::size_t>(1, (image.width() + columns - 1) / columns);
    const imaging::Image shown = window.apply(image.reduced(factor));
    // Letters are about twice as high as wide, so every second row is left out.
    for (std::size_t y = 0; y < shown.height(); y += 2) {
        std::string line;
        for (std::size_t x = 0; x < shown.width(); ++x) {
            const auto grey = static_cast<std::size_t>(shown.at(x, y));
            line.push_back(shades[grey * (shades.size() - 1) / 255]);
        }
        out << line << '\n';
    }
}

void PgmRenderer::render(const imaging::Image& image, const imaging::Window& window, std::ostream& out) const {
    out << "P5\n" << image.width() << ' ' << image.height() << "\n255\n";
    for (const float sample : image.samples()) {
        out.put(static_cast<char>(window.apply(sample)));
    }
}

}  // namespace viewer
