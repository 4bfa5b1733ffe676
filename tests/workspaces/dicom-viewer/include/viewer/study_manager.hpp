#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dicom/data_set.hpp"
#include "imaging/image.hpp"
#include "imaging/image_reader.hpp"
#include "imaging/window.hpp"

namespace viewer {

/// Keeps the images that were opened, grouped by study and ordered by instance number.
class StudyManager {
public:
    /// One opened file: its attributes (none for formats without them) and its pixels.
    struct Instance {
        std::string path;
        dicom::DataSet attributes;
        imaging::Image image;
    };

    StudyManager();

    /// Opens a file with the first reader that knows its format.
    /// @return the study it was added to
    /// @throws std::runtime_error when no reader knows the file
    std::string open(const std::string& path);

    /// Adds an instance that is already in memory and returns its study.
    std::string add(Instance instance);

    /// The identifiers of all studies, in alphabetical order.
    std::vector<std::string> studies() const;

    /// The instances of a study in the order of their instance numbers.
    /// @throws std::out_of_range when there is no such study
    const std::vector<Instance>& instances(const std::string& study) const;

    /// The window the file asks for, or one that spans its samples.
    static imaging::Window windowOf(const Instance& instance);

private:
    std::vector<std::unique_ptr<imaging::ImageReader>> readers_;
    std::map<std::string, std::vector<Instance>> studies_;
};

}  // namespace viewer
