#include "dicom/data_set.hpp"

#include <stdexcept>
#include <utility>

namespace dicom {

void DataSet::insert(DataElement element) {
    const Tag tag = element.tag();
    elements_.insert_or_assign(tag, std::move(element));
}

bool DataSet::contains(const Tag& tag) const {
    return elements_.count(tag) != 0;
}

const DataElement* DataSet::find(const Tag& tag) const {
    const auto found = elements_.find(tag);
    return found == elements_.end() ? nullptr : &found->second;
}

std::string DataSet::text(const Tag& tag, const std::string& fallback) const {
    const DataElement* element = find(tag);
    return element == nullptr ? fallback : element->text();
}

double DataSet::number(const Tag& tag, double fallback) const {
    const DataElement* element = find(tag);
    if (element == nullptr) {
        return fallback;
    }
    try {
        return element->number();
    } catch (const std::logic_error&) {
        return fallback;
    }
}

}  // namespace dicom
