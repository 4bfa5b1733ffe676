/// dicom-viewer: shows DICOM files and graymaps in a terminal, or converts them to graymaps.

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "imaging/image_processor.hpp"
#include "viewer/renderer.hpp"
#include "viewer/study_manager.hpp"

namespace {

const char* const usage =
    "usage: dicom-viewer [--filter gaussian|sharpen|median]... [--auto-window] [--columns N] [--pgm OUT] FILE...\n";

/// What the command line asks for.
struct Options {
    std::vector<std::string> files;
    std::vector<std::string> filters;
    std::string pgm;
    std::size_t columns = 80;
    bool autoWindow = false;
};

Options parseOptions(const std::vector<std::string>& arguments) {
    Options options;
    for (std::size_t index = 0; index < arguments.size(); ++index) {
        const std::string& argument = arguments[index];
        const auto value = [&]() -> const std::string& {
            if (index + 1 >= arguments.size()) {
                throw std::invalid_argument(argument + " needs a value");
            }
            return arguments[++index];
        };
        if (argument == "--filter") {
            options.filters.push_back(value());
        } else if (argument == "--columns") {
            options.columns = std::stoul(value());
        } else if (argument == "--pgm") {
            options.pgm = value();
        } else if (argument == "--auto-window") {
            options.autoWindow = true;
        } else if (argument.rfind("--", 0) == 0) {
            throw std::invalid_argument("there is no option " + argument);
        } else {
            options.files.push_back(argument);
        }
    }
    return options;
}

void show(const viewer::StudyManager::Instance& instance, const Options& options) {
    imaging::ImageProcessor processor;
    for (const std::string& name : options.filters) {
        processor.addFilter(name);
    }
    const imaging::Image image = processor.process(instance.image);
    const imaging::Window window =
        options.autoWindow ? processor.autoWindow(image) : viewer::StudyManager::windowOf(instance);
    std::cout << instance.path << ": " << image.width() << " x " << image.height() << ", "
              << instance.attributes.text(dicom::tags::Modality, "no modality") << ", window " << window.center()
              << " / " << window.width() << '\n';
    if (options.pgm.empty()) {
        viewer::AsciiRenderer(options.columns).render(image, window, std::cout);
        return;
    }
    std::ofstream out(options.pgm, std::ios::binary);
    viewer::PgmRenderer().render(image, window, out);
    if (!out) {
        throw std::runtime_error("cannot write " + options.pgm);
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Options options = parseOptions(std::vector<std::string>(argv + 1, argv + argc));
        if (options.files.empty()) {
            std::cerr << usage;
            return 2;
        }
        viewer::StudyManager manager;
        for (const std::string& file : options.files) {
            manager.open(file);
        }
        for (const std::string& study : manager.studies()) {
            std::cout << "study " << study << '\n';
            for (const auto& instance : manager.instances(study)) {
                show(instance, options);
            }
        }
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::cerr << "dicom-viewer: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
