#pragma once

#include <map>
#include <string>

#include "dicom/data_element.hpp"

namespace dicom {

/// All attributes of one DICOM object, ordered by tag.
class DataSet {
public:
    using Elements = std::map<Tag, DataElement>;

    /// Adds an element, in the place of one with the same tag.
    void insert(DataElement element);

    /// Whether there is an element with this tag.
    bool contains(const Tag& tag) const;

    /// The element with this tag, or nullptr.
    const DataElement* find(const Tag& tag) const;

    /// The text of an element, or the fallback when the element is missing.
    std::string text(const Tag& tag, const std::string& fallback = "") const;

    /// The number of an element, or the fallback when it is missing or not a number.
    double number(const Tag& tag, double fallback) const;

    /// The number of elements.
    std::size_t size() const noexcept { return elements_.size(); }

    Elements::const_iterator begin() const noexcept { return elements_.begin(); }
    Elements::const_iterator end() const noexcept { return elements_.end(); }

private:
    Elements elements_;
};

}  // namespace dicom
