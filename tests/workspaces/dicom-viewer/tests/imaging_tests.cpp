#include "check.hpp"
#include "imaging/histogram.hpp"
#include "imaging/image_processor.hpp"
#include "imaging/kernel_filter.hpp"
#include "imaging/median_filter.hpp"
#include "imaging/pgm_reader.hpp"

using imaging::Image;

namespace {

void samplesOutsideOfTheImageAreRefusedOrClamped() {
    Image image(2, 2);
    image.at(1, 1) = 7.0F;
    CHECK(near(image.clamped(5, 9), 7.0));
    CHECK(near(image.clamped(-4, -1), 0.0));
    CHECK_THROWS(image.at(2, 0), std::out_of_range);
}

void reducingAveragesBlocks() {
    Image image(3, 2);
    image.samples() = {1.0F, 3.0F, 10.0F, 5.0F, 7.0F, 20.0F};
    const Image smaller = image.reduced(2);
    CHECK(smaller.width() == 2 && smaller.height() == 1);
    CHECK(near(smaller.at(0, 0), 4.0));
    CHECK(near(smaller.at(1, 0), 15.0));
}

void windowSpreadsItsRange() {
    const imaging::Window window(50.0, 101.0);
    CHECK(window.apply(-200.0F) == 0);
    CHECK(window.apply(49.5F) == 128);
    CHECK(window.apply(500.0F) == 255);
    CHECK_THROWS(imaging::Window(0.0, 0.5), std::invalid_argument);
}

void smoothingKeepsAFlatImageFlat() {
    const Image flat(9, 5, 12.0F);
    const Image smooth = imaging::GaussianFilter(1.5).apply(flat);
    const Image sharp = imaging::SharpenFilter(2.0F).apply(flat);
    CHECK(near(smooth.at(0, 0), 12.0));
    CHECK(near(sharp.at(8, 4), 12.0));
    CHECK_THROWS(imaging::GaussianFilter(0.0), std::invalid_argument);
}

void medianRemovesASinglePixel() {
    Image image(5, 5, 1.0F);
    image.at(2, 2) = 100.0F;
    CHECK(near(imaging::MedianFilter().apply(image).at(2, 2), 1.0));
}

void processorRunsItsFiltersInOrder() {
    imaging::ImageProcessor processor;
    processor.addFilter("median");
    processor.addFilter(std::make_unique<imaging::SharpenFilter>(0.5F));
    CHECK((processor.filterNames() == std::vector<std::string>{"median", "sharpen"}));
    CHECK_THROWS(processor.addFilter("emboss"), std::invalid_argument);
    Image image(4, 4, 2.0F);
    CHECK(near(processor.process(image).at(3, 3), 2.0));
    processor.clear();
    CHECK(processor.filterNames().empty());
}

void autoWindowIgnoresAFewExtremes() {
    Image image(100, 10);
    for (std::size_t index = 0; index < image.samples().size(); ++index) {
        image.samples()[index] = static_cast<float>(index % 100);
    }
    image.at(0, 0) = 100000.0F;
    const imaging::Histogram histogram(image, 100);
    CHECK(near(histogram.highest(), 100000.0));
    CHECK(imaging::ImageProcessor().autoWindow(image, 0.0, 0.99).width() < 1000.0);
    CHECK_THROWS(imaging::Histogram(Image()), std::invalid_argument);
}

void graymapsAreRead() {
    const std::string text = "P5\n# made by hand\n2 1\n255\nAB";
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    imaging::PgmReader reader;
    CHECK(reader.canRead(bytes));
    CHECK(near(reader.decode(bytes).at(1, 0), 66.0));
    const std::vector<std::uint8_t> cut(bytes.begin(), bytes.end() - 1);
    CHECK_THROWS(reader.decode(cut), std::runtime_error);
    CHECK_THROWS(reader.readFile("there-is-no-such-file.pgm"), std::runtime_error);
}

}  // namespace

int main() {
    samplesOutsideOfTheImageAreRefusedOrClamped();
    reducingAveragesBlocks();
    windowSpreadsItsRange();
    smoothingKeepsAFlatImageFlat();
    medianRemovesASinglePixel();
    processorRunsItsFiltersInOrder();
    autoWindowIgnoresAFewExtremes();
    graymapsAreRead();
    return failures;
}
