#include "viewer/study_manager.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "dicom/dicom_reader.hpp"
#include "imaging/pgm_reader.hpp"

namespace viewer {

namespace {

double instanceNumber(const StudyManager::Instance& instance) {
    return instance.attributes.number(dicom::tags::InstanceNumber, 0.0);
}

}  // namespace

StudyManager::StudyManager() {
    readers_.push_back(std::make_unique<dicom::DicomReader>());
    readers_.push_back(std::make_unique<imaging::PgmReader>());
}

std::string StudyManager::open(const std::string& path) {
    const std::vector<std::uint8_t> bytes = imaging::readBytes(path);
    for (const auto& reader : readers_) {
        if (!reader->canRead(bytes)) {
            continue;
        }
        Instance instance;
        instance.path = path;
        instance.image = reader->decode(bytes);
        if (const auto* dicomReader = dynamic_cast<const dicom::DicomReader*>(reader.get())) {
            instance.attributes = dicomReader->dataSet();
        }
        return add(std::move(instance));
    }
    throw std::runtime_error("no reader knows the format of " + path);
}

std::string StudyManager::add(Instance instance) {
    const std::string study = instance.attributes.text(dicom::tags::StudyInstanceUID, "unnamed");
    std::vector<Instance>& instances = studies_[study];
    const auto place = std::upper_bound(
        instances.begin(), instances.end(), instance,
        [](const Instance& left, const Instance& right) { return instanceNumber(left) < instanceNumber(right); });
    instances.insert(place, std::move(instance));
    return study;
}

std::vector<std::string> StudyManager::studies() const {
    std::vector<std::string> names;
    for (const auto& entry : studies_) {
        names.push_back(entry.first);
    }
    return names;
}

const std::vector<StudyManager::Instance>& StudyManager::instances(const std::string& study) const {
    return studies_.at(study);
}

imaging::Window StudyManager::windowOf(const Instance& instance) {
    const double width = instance.attributes.number(dicom::tags::WindowWidth, 0.0);
    if (width >= 1.0) {
        return imaging::Window(instance.attributes.number(dicom::tags::WindowCenter, 0.0), width);
    }
    return imaging::Window::spanning(instance.image);
}

}  // namespace viewer
